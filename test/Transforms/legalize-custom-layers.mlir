// RUN: mlmodel-opt %s --split-input-file --mlmodel-legalize-custom-layers | FileCheck %s
// RUN: mlmodel-opt %s --split-input-file --mlmodel-legalize-custom-layers=builtin=false | FileCheck %s --check-prefix=NONE
// RUN: mlmodel-opt %s --split-input-file --mlmodel-legalize-custom-layers="rules=%S/Inputs/rules.mlir" | FileCheck %s --check-prefix=OWN

// Without rules everything stays.
// NONE-COUNT-7: mlmodel.custom

// Layers are named after the layer they replace; the output keeps its name. The
// model needs the version that its new layers need.
// CHECK: mlmodel.model attributes {specificationVersion = 4 : i64}
// CHECK: ^bb0(%[[X:.*]]: tensor<*xf32>):
// CHECK-NEXT: %[[BETA:.*]] = mlmodel.load_constant_nd <"s/beta" -> "s/beta">() {data = #mlmodel.weights<dense<1.000000e+00> : tensor<1xf32>>, shape = array<i64: 1>}
// CHECK-NEXT: %[[SCALED:.*]] = mlmodel.multiply_broadcastable <"s/scaled" -> "s/scaled">(%[[X]], %[[BETA]])
// CHECK-NEXT: %[[GATE:.*]] = mlmodel.activation <"s/gate" -> "s/gate">(%[[SCALED]]) {sigmoid = {}}
// CHECK-NEXT: %[[Y:.*]] = mlmodel.multiply <"s/product" -> "y">(%[[X]], %[[GATE]])
// CHECK-NEXT: mlmodel.output %[[Y]]

// A file of rules hides the project's rules for its classes.
// OWN: mlmodel.model attributes {specificationVersion = 2 : i64}
// OWN: mlmodel.activation <"s/negated" -> "y">(%{{.*}}) {linear = {alpha = -1.000000e+00 : f32}}
mlmodel.model attributes {specificationVersion = 2 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %y = mlmodel.custom <"s" -> "y">(%x) {className = "Swish"} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

// Names that are taken get a number; the last entry of a parameter counts.
// CHECK-LABEL: outputNames = ["s/gate"]
// CHECK: mlmodel.load_constant_nd <"s/beta" -> "s/beta">() {data = #mlmodel.weights<dense<5.000000e-01> : tensor<1xf32>>
// CHECK: mlmodel.multiply_broadcastable <"s/scaled_2" -> "s/scaled_2">
// CHECK: mlmodel.activation <"s/gate_2" -> "s/gate_2">
// CHECK: mlmodel.multiply <"s/product" -> "y">
// CHECK: mlmodel.ceil <"s/gate" -> "s/gate">
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "s/scaled"], outputNames = ["s/gate"]} {
  ^bb0(%x: tensor<*xf32>, %unused: tensor<*xf32>):
    %y = mlmodel.custom <"s" -> "y">(%x) {className = "silu", parameters = [{key = "beta", value = {doubleValue = 2.0}}, {key = "beta", value = {doubleValue = 0.5}}]} : (tensor<*xf32>) -> tensor<*xf32>
    %z = mlmodel.ceil <"s/gate" -> "s/gate">(%y) : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %z : tensor<*xf32>
  }
}

// -----

// Of several rules the one that fits is taken: here by the number of weights,
// which stay as they are stored.
// CHECK-LABEL: outputNames = ["plain", "affine"]
// CHECK: mlmodel.divide_broadcastable <"p/normal" -> "plain">
// CHECK: mlmodel.load_constant_nd <"a/epsilon" -> "a/epsilon">() {data = #mlmodel.weights<dense<1.000000e-03> : tensor<1xf32>>
// CHECK: mlmodel.load_constant_nd <"a/weights" -> "a/weights">() {data = #mlmodel.weights<dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf16>>, shape = array<i64: 2>}
// CHECK: mlmodel.add_broadcastable <"a/affine" -> "affine">
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["plain", "affine"]} {
  ^bb0(%x: tensor<*xf32>):
    %p = mlmodel.custom <"p" -> "plain">(%x) {className = "InstanceNormalization"} : (tensor<*xf32>) -> tensor<*xf32>
    %a = mlmodel.custom <"a" -> "affine">(%x) {
      className = "InstanceNormalization",
      parameters = [{key = "epsilon", value = {doubleValue = 0.001}}],
      weights = [#mlmodel.weights<dense<[1.0, 2.0]> : tensor<2xf16>>, #mlmodel.weights<dense<[3.0, 4.0]> : tensor<2xf32>>]
    } : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %p, %a : tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// Outputs that are inputs or other outputs are copied.
// CHECK-LABEL: outputNames = ["u", "v", "w"]
// CHECK: mlmodel.custom
// OWN-LABEL: outputNames = ["u", "v", "w"]
// OWN: ^bb0(%[[A:.*]]: tensor<*xf32>, %[[B:.*]]: tensor<*xf32>):
// OWN: %[[U:.*]] = mlmodel.add <"c/sum" -> "u">(%[[A]], %[[B]])
// OWN: %[[V:.*]] = mlmodel.copy <"c/v" -> "v">(%[[U]])
// OWN: %[[W:.*]] = mlmodel.copy <"c/w" -> "w">(%[[A]])
// OWN: mlmodel.output %[[U]], %[[V]], %[[W]]
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["a", "b"], outputNames = ["u", "v", "w"]} {
  ^bb0(%a: tensor<*xf32>, %b: tensor<*xf32>):
    %c:3 = mlmodel.custom <"c" -> "u", "v", "w">(%a, %b) {className = "Copies"} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %c#0, %c#1, %c#2 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// A parameter can choose the rule. Layers in the bodies of others are found.
// OWN-LABEL: outputNames = ["y"]
// OWN: mlmodel.branch
// OWN: mlmodel.exp2 <"t/power" -> "t">
// OWN: mlmodel.unary <"e/power" -> "e">
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    mlmodel.branch <"b"> (%x) : (tensor<*xf32>) -> () {
      %t = mlmodel.custom <"t" -> "t">(%x) {className = "Power", parameters = [{key = "base", value = {stringValue = "two"}}]} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield
    } else {
    }
    %y = mlmodel.custom <"e" -> "e">(%x) {className = "Power", parameters = [{key = "base", value = {stringValue = "e"}}]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
