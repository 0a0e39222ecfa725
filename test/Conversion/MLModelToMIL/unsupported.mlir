// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics --convert-mlmodel-to-mil

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<3xf32>):
    // expected-error @+1 {{layer 'c' (custom): no implementation of class '../evil\033' is registered; its description is 'no \n such'; its parameters are axis = 1, kind = 'a\"'}}
    %0 = mlmodel.custom <"c" -> "y"> (%x) {className = "../evil\1B", description = "no \0A such", parameters = [{key = "axis", value = {intValue = 1 : i64}}, {key = "kind", value = {stringValue = "a\22"}}]} : (tensor<3xf32>) -> tensor<*xf32>
    mlmodel.output %0 : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  // expected-error @+1 {{blob 'x' has type tensor<*xf32>; a shape that is not known before the model runs is not supported}}
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %0 = mlmodel.ceil <"c" -> "y"> (%x) : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %0 : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 4 : i64} {
  // expected-error @+1 {{a model of type 'glmRegressor' is not a neural network; it is not supported}}
  mlmodel.glm_regressor {}
}
