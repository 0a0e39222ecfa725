// RUN: mlmodel-opt %s --mlmodel-infer-shapes --mlmodel-fuse-batchnorm | FileCheck %s
// RUN: mlmodel-opt %s --mlmodel-infer-shapes --mlmodel-fuse-batchnorm -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// RUN: mlmodel-opt %s --mlmodel-fuse-batchnorm -o /dev/null 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// Without shapes, channels of inner products are not known.
// UNKNOWN-DAG: layer 'fc_scale' (scale) stays: the rank is not known; infer shapes first

// The first layers are a chain: 2x + 1 of the batchnorm, 3x - 1 of the scale, + 4.
// CHECK: convolution <"conv" -> "d">
// CHECK-SAME: bias = #mlmodel.weights<dense_resource<conv.bias{{[_0-9]*}}> : tensor<2xf32>>
// CHECK-SAME: hasBias = true
// CHECK-SAME: weights = #mlmodel.weights<dense_resource<conv.weights{{[_0-9]*}}> : tensor<2xf32>>
// CHECK-NOT: "bn"
// CHECK-NOT: "scale"
// CHECK-NOT: <"bias"
// CHECK: inner_product <"fc" -> "f">
// CHECK-NOT: "fc_scale"
// The blob between is an output, or has two users.
// CHECK: inner_product <"seen"
// CHECK: bias <"after_seen"
// CHECK: inner_product <"twice"
// CHECK: bias <"after_twice"
// CHECK: convolution <"moments"
// CHECK: batchnorm <"computed"
// CHECK: convolution <"plane"
// CHECK: bias <"per_pixel"

// REMARK-DAG: layer 'after_seen' (bias) stays: the blob 'g' is an output
// REMARK-DAG: layer 'after_twice' (bias) stays: the blob 'i' has other users
// REMARK-DAG: layer 'computed' (batchnorm) stays: its moments are computed
// REMARK-DAG: layer 'per_pixel' (bias) stays: bias differs within a channel
#one = #mlmodel.weights<dense<[1.0]> : tensor<1xf32>>
#w = #mlmodel.weights<dense<[1.0, 2.0]> : tensor<2xf32>>
mlmodel.model attributes {specificationVersion = 1 : i64, description = {input = [{name = "x", type = {multiArrayType = {shape = array<i64: 1, 1, 2>, dataType = "FLOAT32"}}}], output = [{name = "d", type = {multiArrayType = {}}}, {name = "g", type = {multiArrayType = {}}}]}} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["d", "g"]} {
  ^bb0(%x: tensor<*xf32>):
    %a = mlmodel.convolution <"conv" -> "a"> (%x) {outputChannels = 2 : i64, kernelChannels = 1 : i64, kernelSize = array<i64: 1, 1>, valid = {}, weights = #w} : (tensor<*xf32>) -> tensor<*xf32>
    %b = mlmodel.batchnorm <"bn" -> "b"> (%a) {channels = 2 : i64, epsilon = 1.0 : f32, gamma = #mlmodel.weights<dense<[4.0, 4.0]> : tensor<2xf32>>, beta = #w, mean = #mlmodel.weights<dense<[0.0, 0.5]> : tensor<2xf32>>, variance = #mlmodel.weights<dense<[3.0, 3.0]> : tensor<2xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %c = mlmodel.scale <"scale" -> "c"> (%b) {shapeScale = array<i64: 2>, scale = #mlmodel.weights<dense<[3.0, 3.0]> : tensor<2xf32>>, hasBias = true, shapeBias = array<i64: 1>, bias = #mlmodel.weights<dense<[-1.0]> : tensor<1xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %d = mlmodel.bias <"bias" -> "d"> (%c) {shape = array<i64: 2, 1, 1>, bias = #mlmodel.weights<dense<[4.0, 4.0]> : tensor<2xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %e = mlmodel.inner_product <"fc" -> "e"> (%d) {inputChannels = 4 : i64, outputChannels = 2 : i64, hasBias = true, bias = #w, weights = #mlmodel.weights<dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : tensor<8xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %f = mlmodel.scale <"fc_scale" -> "f"> (%e) {shapeScale = array<i64: 2>, scale = #mlmodel.weights<dense<[2.0, 10.0]> : tensor<2xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %g = mlmodel.inner_product <"seen" -> "g"> (%f) {inputChannels = 2 : i64, outputChannels = 1 : i64, weights = #w} : (tensor<*xf32>) -> tensor<*xf32>
    %h = mlmodel.bias <"after_seen" -> "h"> (%g) {shape = array<i64: 1>, bias = #one} : (tensor<*xf32>) -> tensor<*xf32>
    %i = mlmodel.inner_product <"twice" -> "i"> (%f) {inputChannels = 2 : i64, outputChannels = 1 : i64, weights = #w} : (tensor<*xf32>) -> tensor<*xf32>
    %j = mlmodel.bias <"after_twice" -> "j"> (%i) {shape = array<i64: 1>, bias = #one} : (tensor<*xf32>) -> tensor<*xf32>
    %k = mlmodel.unary <"reader" -> "k"> (%i) {kind = "EXP"} : (tensor<*xf32>) -> tensor<*xf32>
    %l = mlmodel.convolution <"moments" -> "l"> (%x) {outputChannels = 1 : i64, kernelChannels = 1 : i64, kernelSize = array<i64: 1, 1>, valid = {}, weights = #one} : (tensor<*xf32>) -> tensor<*xf32>
    %m = mlmodel.batchnorm <"computed" -> "m"> (%l) {channels = 1 : i64, computeMeanVar = true, instanceNormalization = true, gamma = #one, beta = #one} : (tensor<*xf32>) -> tensor<*xf32>
    %n = mlmodel.convolution <"plane" -> "n"> (%x) {outputChannels = 1 : i64, kernelChannels = 1 : i64, kernelSize = array<i64: 1, 1>, valid = {}, weights = #one} : (tensor<*xf32>) -> tensor<*xf32>
    %o = mlmodel.bias <"per_pixel" -> "o"> (%n) {shape = array<i64: 1, 1, 2>, bias = #w} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %d, %g : tensor<*xf32>, tensor<*xf32>
  }
}

// w * 2 * 3: 6 12. Biases: (1 * 3 - 1) + 4 = 6 and ((2 - 2 * 0.5) * 3 - 1) + 4 = 6.
// CHECK-DAG: conv.weights{{.*}}: "0x010000000000C04000004041"
// CHECK-DAG: conv.bias{{.*}}: "0x010000000000C0400000C040"
// CHECK-DAG: fc.weights: "0x0100000000000040000080400000C040000000410000484200007042
// CHECK-DAG: fc.bias: "0x01000000000000400000A041
