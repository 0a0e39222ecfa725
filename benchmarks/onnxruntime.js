// One ONNX model on onnxruntime-node, in turns with another program:
//
//   node onnxruntime.js NET.onnx THREADS
//
// prints "ready", then predicts once for each line on standard input and prints
// the milliseconds, as `mlmodel benchmark --stepwise` does. Inputs are random
// numbers from -1 to 1, truncated where the graph wants integers.
'use strict';
const readline = require('readline');
const ort = require('onnxruntime-node');

// What the typed arrays of the input types are made with.
const makers = {
  float32: (values) => Float32Array.from(values),
  int64: (values) => BigInt64Array.from(values, (x) => BigInt(Math.trunc(x))),
  int32: (values) => Int32Array.from(values, Math.trunc),
};

function makeInput({ name, type, shape }) {
  if (!makers[type]) throw new Error(`${name}: no values for type ${type}`);
  const dims = shape.map((size) => (Number.isInteger(size) && size > 0 ? size : 1));
  const count = dims.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, () => 2 * Math.random() - 1);
  return new ort.Tensor(type, makers[type](values), dims);
}

async function main([model, threads]) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const inputs = Object.fromEntries(
    session.inputMetadata.map((meta) => [meta.name, makeInput(meta)]));
  console.log('ready');
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    await session.run(inputs);
    console.log((Number(process.hrtime.bigint() - start) / 1e6).toFixed(4));
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`onnxruntime.js: ${error.message}`);
  process.exit(1);
});
