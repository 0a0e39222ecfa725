// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="sparsity=0.5 min-elements=1" | FileCheck %s
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="mode=threshold threshold=3 min-elements=1" | FileCheck %s --check-prefix=THRESHOLD
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="mode=n-m ratio=1:2 min-elements=1" | FileCheck %s --check-prefix=NM
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="mode=n-m ratio=1:2 along=outputs min-elements=1 remarks" -o /dev/null 2>&1 | FileCheck %s --check-prefix=OUTPUTS
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="mode=block block=2 along=inputs sparsity=0.5 min-elements=1" | FileCheck %s --check-prefix=BLOCK
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="mode=n-m ratio=2:4 min-elements=1 remarks" -o /dev/null 2>&1 | FileCheck %s --check-prefix=SHORT
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="sparsity=0.5 min-elements=1 remarks" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="sparsity=0.5 min-elements=1" --mlmodel-palettize-weights="bits=1 min-elements=1 keep-zeros" | FileCheck %s --check-prefix=PALETTE
// RUN: mlmodel-opt %s --mlmodel-sparsify-weights="sparsity=0.5 min-elements=1" --mlmodel-quantize-weights="bits=3 min-elements=1 keep-zeros per-tensor" --mlmodel-decompress-weights | FileCheck %s --check-prefix=LINEAR
// RUN: not mlmodel-opt %s --mlmodel-sparsify-weights="sparsity=2" 2>&1 | FileCheck %s --check-prefix=FRACTION
// RUN: not mlmodel-opt %s --mlmodel-sparsify-weights="mode=n-m ratio=4:2" 2>&1 | FileCheck %s --check-prefix=RATIO
// RUN: not mlmodel-opt %s --mlmodel-sparsify-weights="mode=half" 2>&1 | FileCheck %s --check-prefix=MODE
// RUN: not mlmodel-opt %s --mlmodel-palettize-weights="mode=uniform keep-zeros" 2>&1 | FileCheck %s --check-prefix=UNIFORM

// OUTPUTS: stays: fewer than two runs of 2 along 2 channels
// SHORT: stays: fewer than two runs of 4 along 4 channels
// REMARK: remark: layer 'fc' (innerProduct): weights: magnitude 0.50, 32 bits, 32 to 32 bytes, SNR {{.*}}, 50.0% zeros, stored as values because the format has no sparse weights
// FRACTION: sparsity is 2.00, expected 0 to 1
// RATIO: n:m is 4:2, expected 1 <= n < m
// MODE: mode is 'half', expected magnitude or threshold or n-m or block
// UNIFORM: a uniform palette has no exact 0

mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>):
    // PALETTE: #mlmodel.lut<bits = 1, table = [0.000000e+00, 2.500000e+00]>
    %y = mlmodel.inner_product <"fc" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<[1.0, -8.0, 3.0, 6.0, 2.0, 4.0, 5.0, 7.0]> : tensor<8xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// A file without quantized weights keeps its version.
// CHECK: specificationVersion = 1
// 1 -8 3 6, 2 4 5 7: half of the eight have magnitudes up to 4.5.
// CHECK: fc.weights: "0x0100000000000000000000C1000000000000C04000000000000000000000A0400000E040
// THRESHOLD: fc.weights: "0x0100000000000000000000C1000000000000C04000000000000080400000A0400000E040
// Of (1 -8) (3 6) (2 4) (5 7) the lesser each.
// NM: fc.weights: "0x0100000000000000000000C1000000000000C0400000000000008040000000000000E040
// Pairs (1 -8) (3 6) (2 4) (5 7): the norms of the second and third are least.
// BLOCK: fc.weights: "0x010000000000803F000000C1000000000000000000000000000000000000A0400000E040
// Codes 0 1 0 1 0 0 1 1.
// PALETTE: fc.weights{{.*}}: "0x0100000053"
// Zeros are exact.
// LINEAR: fc.weights{{.*}}: "0x0100000000000000{{........}}00000000{{........}}0000000000000000{{................}}"
