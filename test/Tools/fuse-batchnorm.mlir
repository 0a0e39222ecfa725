// Fusing changes no output by more than rounding: grouped convolution and
// deconvolution, with and without bias, an inner product, and a chain that begins
// with a batchnorm of its own.
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: mlmodel compress %t.mlmodel -o %t.fused.mlmodel --fuse-batchnorm | FileCheck %s
// RUN: mlmodel compare %t.mlmodel %t.fused.mlmodel --random 3 --min-snr 120
// RUN: mlmodel-translate --mlmodel-to-mlir %t.fused.mlmodel | FileCheck %s --check-prefix=LAYERS

// CHECK: 7 layers fused into those before
// CHECK: not fused: layer 'kept' (bias): the blob 'n' is an output
// LAYERS-NOT: mlmodel.scale
// LAYERS-COUNT-1: mlmodel.batchnorm
// LAYERS-NOT: mlmodel.batchnorm

mlmodel.model attributes {specificationVersion = 1 : i64, description = {input = [{name = "x", type = {multiArrayType = {shape = array<i64: 4, 5, 6>, dataType = "FLOAT32"}}}], output = [{name = "n", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "o", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["n", "o"]} {
  ^bb0(%x: tensor<*xf32>):
    %a = mlmodel.batchnorm <"first" -> "a"> (%x) {channels = 4 : i64, epsilon = 0.125 : f32, gamma = #mlmodel.weights<dense<[0.609375, 0.609375, 0.031250, -0.421875]> : tensor<4xf32>>, beta = #mlmodel.weights<dense<[-0.890625, -0.234375, -0.187500, -0.906250]> : tensor<4xf32>>, mean = #mlmodel.weights<dense<[-0.906250, 1.000000, 0.312500, -0.531250]> : tensor<4xf32>>, variance = #mlmodel.weights<dense<[1.156250, 1.968750, 1.843750, 1.765625]> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %b = mlmodel.scale <"first_scale" -> "b"> (%a) {shapeScale = array<i64: 4, 1, 1>, scale = #mlmodel.weights<dense<[-0.218750, -0.015625, 0.359375, -0.875000]> : tensor<4xf32>>, hasBias = true, shapeBias = array<i64: 4>, bias = #mlmodel.weights<dense<[0.109375, -0.453125, 0.765625, -0.875000]> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %c = mlmodel.convolution <"conv" -> "c"> (%b) {outputChannels = 6 : i64, kernelChannels = 2 : i64, nGroups = 2 : i64, kernelSize = array<i64: 2, 1>, valid = {}, weights = #mlmodel.weights<dense<[0.359375, 0.734375, -0.546875, 0.796875, 0.750000, -0.968750, 0.421875, -1.000000, 0.000000, -0.125000, -0.593750, -0.343750, 0.609375, -0.359375, -0.703125, 0.390625, -0.109375, 0.593750, -0.531250, -0.359375, 0.593750, 0.015625, 0.015625, -0.531250]> : tensor<24xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %d = mlmodel.batchnorm <"conv_bn" -> "d"> (%c) {channels = 6 : i64, epsilon = 0.125 : f32, gamma = #mlmodel.weights<dense<[-0.968750, 0.859375, -0.828125, 0.687500, -0.265625, 0.906250]> : tensor<6xf32>>, beta = #mlmodel.weights<dense<[-0.203125, 0.875000, 0.109375, -0.515625, 0.484375, 0.343750]> : tensor<6xf32>>, mean = #mlmodel.weights<dense<[0.375000, -0.078125, -0.562500, 0.281250, -0.781250, 0.390625]> : tensor<6xf32>>, variance = #mlmodel.weights<dense<[1.453125, 1.062500, 1.703125, 0.796875, 1.078125, 1.703125]> : tensor<6xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %e = mlmodel.activation <"relu" -> "e"> (%d) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %f = mlmodel.convolution <"up" -> "f"> (%e) {isDeconvolution = true, outputChannels = 4 : i64, kernelChannels = 6 : i64, nGroups = 2 : i64, kernelSize = array<i64: 1, 2>, valid = {}, hasBias = true, bias = #mlmodel.weights<dense<[-0.234375, 0.421875, 0.218750, 0.875000]> : tensor<4xf32>>, weights = #mlmodel.weights<dense<[0.984375, 0.453125, 0.625000, -0.687500, 0.421875, 0.687500, -0.203125, 0.109375, -0.046875, 0.921875, -0.359375, -0.203125, -1.000000, -0.156250, 0.265625, 0.875000, 0.843750, -0.343750, 0.984375, -0.625000, 0.640625, -0.687500, -0.187500, -0.859375]> : tensor<24xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %g = mlmodel.batchnorm <"up_bn" -> "g"> (%f) {channels = 4 : i64, epsilon = 0.125 : f32, gamma = #mlmodel.weights<dense<[0.718750, 0.656250, -0.718750, 0.046875]> : tensor<4xf32>>, beta = #mlmodel.weights<dense<[-0.484375, -0.015625, 0.109375, -0.781250]> : tensor<4xf32>>, mean = #mlmodel.weights<dense<[0.734375, -0.437500, -0.109375, -0.890625]> : tensor<4xf32>>, variance = #mlmodel.weights<dense<[0.500000, 0.796875, 1.015625, 1.890625]> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %h = mlmodel.scale <"up_scale" -> "h"> (%g) {shapeScale = array<i64: 1>, scale = #mlmodel.weights<dense<[0.781250]> : tensor<1xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %i = mlmodel.bias <"up_bias" -> "i"> (%h) {shape = array<i64: 4>, bias = #mlmodel.weights<dense<[-0.031250, -0.093750, 0.328125, 0.718750]> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %j = mlmodel.pooling <"pool" -> "j"> (%i) {kind = "AVERAGE", globalPooling = true, valid = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %k = mlmodel.inner_product <"fc" -> "k"> (%j) {inputChannels = 4 : i64, outputChannels = 3 : i64, weights = #mlmodel.weights<dense<[-0.328125, 0.593750, -0.203125, 0.187500, 0.468750, 0.000000, 0.375000, 0.390625, -0.984375, -0.921875, -0.703125, -0.578125]> : tensor<12xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %l = mlmodel.scale <"fc_scale" -> "l"> (%k) {shapeScale = array<i64: 3>, scale = #mlmodel.weights<dense<[-0.593750, -0.906250, -0.562500]> : tensor<3xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %m = mlmodel.bias <"fc_bias" -> "m"> (%l) {shape = array<i64: 1>, bias = #mlmodel.weights<dense<[0.203125]> : tensor<1xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %n = mlmodel.inner_product <"last" -> "n"> (%m) {inputChannels = 3 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<[0.765625, -0.296875, -0.265625, -0.171875, 0.359375, 0.578125]> : tensor<6xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %o = mlmodel.bias <"kept" -> "o"> (%n) {shape = array<i64: 2>, bias = #mlmodel.weights<dense<[0.875000, -0.250000]> : tensor<2xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %n, %o : tensor<*xf32>, tensor<*xf32>
  }
}
