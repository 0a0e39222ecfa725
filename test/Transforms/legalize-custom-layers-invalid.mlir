// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics --mlmodel-legalize-custom-layers="rules=%S/Inputs/rules.mlir"

// A parameter that a rule does not know may change what the layer does.
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    // expected-error @+1 {{layer 'm' (custom): no rule for class 'Mish' fits; @mish of Activation.mlir does not know the layer's parameter 'beta'}}
    %y = mlmodel.custom <"m" -> "y">(%x) {className = "Mish", parameters = [{key = "beta", value = {doubleValue = 1.0}}]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "t"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>, %t: tensor<*xf32>):
    // expected-error @+1 {{@grid_sampler of GridSampler.mlir needs parameter 'output_width'}}
    %y = mlmodel.custom <"g" -> "y">(%x, %t) {className = "AAPLGridSampler", parameters = [{key = "output_height", value = {intValue = 3 : i64}}]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "t"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>, %t: tensor<*xf32>):
    // expected-error @+1 {{@scaling of Activation.mlir needs a number that float32 can hold as parameter 'scale'}}
    %y = mlmodel.custom <"s" -> "y">(%x) {className = "Scaling", parameters = [{key = "scale", value = {stringValue = "2"}}]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "t"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>, %t: tensor<*xf32>):
    // expected-error @+1 {{@scaling of Activation.mlir needs a number that float32 can hold as parameter 'scale'}}
    %y = mlmodel.custom <"s" -> "y">(%x) {className = "Scaling", parameters = [{key = "scale", value = {longValue = 16777217 : i64}}]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "t"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>, %t: tensor<*xf32>):
    // expected-error @+1 {{@mish of Activation.mlir takes 1 inputs, the layer has 2}}
    %y = mlmodel.custom <"m" -> "y">(%x, %t) {className = "Mish"} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    // expected-error @+1 {{@mish of Activation.mlir takes 1 outputs, the layer has 2}}
    %y:2 = mlmodel.custom <"m" -> "y", "z">(%x) {className = "Mish"} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %y#0 : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    // expected-error @+1 {{@instance_normalization of Normalization.mlir takes 0 weights, the layer has 1; @affine_instance_normalization of Normalization.mlir takes 2 weights, the layer has 1}}
    %y = mlmodel.custom <"n" -> "y">(%x) {className = "InstanceNorm", weights = [#mlmodel.weights<dense<1.0> : tensor<2xf32>>]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

// Seven values of four bits and eight have the same bytes.
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    // expected-error @+1 {{@affine_instance_normalization of Normalization.mlir cannot count weights 0, which are packed: its argument must have a size}}
    %y = mlmodel.custom <"n" -> "y">(%x) {className = "InstanceNorm", weights = [#mlmodel.weights<dense<1> : tensor<4xui8>, #mlmodel.linear<bits = 4, scale = [1.0]>>, #mlmodel.weights<dense<1.0> : tensor<8xf32>>]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    // expected-error @+1 {{@power_of_two of rules.mlir is for layers whose parameter 'base' is 'two'; @power_of_e of rules.mlir is for layers whose parameter 'base' is 'e'}}
    %y = mlmodel.custom <"p" -> "y">(%x) {className = "Power", parameters = [{key = "base", value = {stringValue = "ten"}}]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

// Packed weights may lack what they are packed with.
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    // expected-error @+1 {{cannot count weights 0, which are packed}}
    %y = mlmodel.custom <"n" -> "y">(%x) {className = "InstanceNorm", weights = [#mlmodel.weights<dense<1> : tensor<4xui8>>, #mlmodel.weights<dense<1.0> : tensor<8xf32>>]} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

// The name of a class is compared, never opened.
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %y = mlmodel.custom <"p" -> "y">(%x) {className = "../rules.mlir"} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
