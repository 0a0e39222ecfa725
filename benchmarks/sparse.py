#!/usr/bin/python3
"""Speed of sparse networks beside the same networks with dense weights, in turns.

A sparse network is what `mlmodel compress --sparsify R` makes of a dense one. Both
predict one after the other, run by run, so that whatever else the machine does
meets both. The ratio is that of the medians, dense / sparse: above 1 leaving out
zeros is faster.

Convolutions of images of SIZE x SIZE from A to B channels and back, in turns, are
named [KERNELx]AxBxSIZE and made here, with random weights; other names are those of
files NAME.mlmodel in the folder of --nets.
"""
import argparse
import array
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import latency

CONVOLUTIONS = ("64x256x56,128x512x28,256x1024x14,512x2048x7,"
                "3x64x64x56,3x128x128x28,3x256x256x14")
# How often both convolutions of a chain follow each other: what a prediction takes
# beside them then hardly counts.
REPEATS = 4
MODEL = """
mlmodel.model attributes {{specificationVersion = 4 : i64, description = {{
  input = [{{name = "x", type = {{multiArrayType = {{dataType = "FLOAT32", shape = array<i64: {inputs}, {size}, {size}>}}}}}}],
  output = [{{name = "y", type = {{multiArrayType = {{dataType = "FLOAT32"}}}}}}]}}}} {{
  mlmodel.network attributes {{arrayInputShapeMapping = "RANK5_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]}} {{
  ^bb0(%r0: tensor<*xf32>):
{layers}    %y = mlmodel.pooling <"pool" -> "y">(%r{last}) {{kind = "AVERAGE", globalPooling = true, valid = {{}}}} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }}
}}
{{-# dialect_resources: {{ builtin: {{
  forth: "0x04000000{forth}",
  back: "0x04000000{back}"
}} }} #-}}
"""
LAYER = """\
    %c{i} = mlmodel.convolution <"conv{i}" -> "c{i}">(%r{before}) {{outputChannels = {outputs} : i64, kernelChannels = {inputs} : i64, kernelSize = array<i64: {kernel}, {kernel}>, same = {{}}, weights = #mlmodel.weights<dense_resource<{weights}> : tensor<{count}xf32>>}} : (tensor<*xf32>) -> tensor<*xf32>
    %r{i} = mlmodel.activation <"relu{i}" -> "r{i}">(%c{i}) {{ReLU = {{}}}} : (tensor<*xf32>) -> tensor<*xf32>
"""


def make_network(options, name):
    """The file of the network, which is written if it is one of convolutions."""
    match = re.fullmatch(r"(?:(\d+)x)?(\d+)x(\d+)x(\d+)", name)
    if not match:
        return options.nets / f"{name}.mlmodel"
    kernel, inputs, outputs, size = (int(word or 1) for word in match.groups())
    count = outputs * inputs * kernel * kernel
    draw = random.Random(1)

    def weights(terms):
        deviation = (2 / terms) ** 0.5
        return array.array("f", (draw.gauss(0, deviation)
                                 for _ in range(count))).tobytes().hex()

    layers = ""
    for i in range(1, 2 * REPEATS + 1):
        a, b, data = ((inputs, outputs, "forth") if i % 2 else
                      (outputs, inputs, "back"))
        layers += LAYER.format(i=i, before=i - 1, kernel=kernel, count=count,
                               inputs=a, outputs=b, weights=data)
    text = options.work / f"{name}.mlir"
    text.write_text(MODEL.format(
        inputs=inputs, size=size, layers=layers, last=2 * REPEATS,
        forth=weights(inputs * kernel ** 2), back=weights(outputs * kernel ** 2)))
    path = options.work / f"{name}.mlmodel"
    subprocess.run([options.build / "bin/mlmodel-translate", "--mlir-to-mlmodel",
                    text, "-o", path], check=True)
    return path


def make_sparse(options, dense, words):
    """What `mlmodel compress` makes of the network."""
    path = options.work / f"{dense.stem}{''.join(words)}.mlmodel"
    subprocess.run([options.build / "bin/mlmodel", "compress", dense, "-o", path,
                    *words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return path


def measure(options, models):
    """The times of each of the models, which take turns."""
    return list(latency.take_turns(options, {
        model.name: latency.start_ours(options, model, options.threads)
        for model in models}).values())


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", type=pathlib.Path,
                        default=latency.ROOT / "build")
    parser.add_argument("--nets", type=pathlib.Path,
                        default=latency.ROOT / "build/nets",
                        help="folder of NAME.mlmodel")
    parser.add_argument("--names", default=CONVOLUTIONS + ",squeezenet11",
                        help="networks and convolutions, with commas")
    parser.add_argument("--sparsity", default="0.5,0.75,0.9,0.95",
                        help="fractions of zeros, with commas")
    parser.add_argument("--and", dest="also", default="",
                        help="further options of mlmodel compress")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--first-core", type=int, default=0,
                        help="all programs run on this core")
    parser.add_argument("--mlmodel-option", action="append", default=[],
                        help="passed on to mlmodel benchmark")
    parser.add_argument("--docs", type=pathlib.Path,
                        help="write the table between the markers of this page")
    options = parser.parse_args()
    options.threads, options.pause = 1, 0
    return options


def main():
    options = parse_arguments()
    fractions = options.sparsity.split(",")
    lines = ["| net | dense ms | " +
             " | ".join(f"{float(f):.0%} zeros: ms, ratio" for f in fractions) + " |",
             "|---" * (len(fractions) + 2) + "|"]
    with tempfile.TemporaryDirectory() as folder:
        options.work = pathlib.Path(folder)
        for name in options.names.split(","):
            dense = make_network(options, name)
            sparse = [make_sparse(options, dense,
                                  ["--sparsify", f, *options.also.split()])
                      for f in fractions]
            first, *others = measure(options, [dense] + sparse)
            cells = [f"{times.median:.3f}, {first.median / times.median:.2f}"
                     for times in others]
            lines.append(f"| {name} | {first.median:.3f} | " + " | ".join(cells) + " |")
            print(lines[-1], file=sys.stderr)
    text = (f"{latency.processor()}, one thread, runs: {options.runs}.\n\n" +
            "\n".join(lines) + "\n")
    print(text, end="")
    if options.docs:
        latency.write_docs(options.docs, "sparse", text)


if __name__ == "__main__":
    main()
