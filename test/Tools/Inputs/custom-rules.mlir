// One network with all rules that come with the project.
mlmodel.model attributes {
  description = {
    input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2, 5, 7>}}},
             {name = "z", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2, 5, 7>}}},
             {name = "theta", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 6>}}}],
    output = [{name = "swish", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "swish3", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "mish", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "hard", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "scaled", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "distance", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "rows", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "normal", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "affine", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "cropped", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "pixels", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "sampled", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "point", type = {multiArrayType = {dataType = "FLOAT32"}}}]},
  specificationVersion = 4 : i64} {
  mlmodel.network attributes {
      inputNames = ["x", "z", "theta"],
      outputNames = ["swish", "swish3", "mish", "hard", "scaled", "distance", "rows",
                     "normal", "affine", "cropped", "pixels", "sampled", "point"]} {
  ^bb0(%x: tensor<*xf32>, %z: tensor<*xf32>, %theta: tensor<*xf32>):
    %swish = mlmodel.custom <"1" -> "swish">(%x) {className = "Swish"} : (tensor<*xf32>) -> tensor<*xf32>
    %swish3 = mlmodel.custom <"2" -> "swish3">(%x) {className = "SiLU", parameters = [{key = "beta", value = {intValue = 3 : i64}}]} : (tensor<*xf32>) -> tensor<*xf32>
    %mish = mlmodel.custom <"3" -> "mish">(%x) {className = "Mish"} : (tensor<*xf32>) -> tensor<*xf32>
    %hard = mlmodel.custom <"4" -> "hard">(%x) {className = "HardSwish"} : (tensor<*xf32>) -> tensor<*xf32>
    %scaled = mlmodel.custom <"5" -> "scaled">(%x) {className = "Scaling", parameters = [{key = "bias", value = {doubleValue = -0.25}}, {key = "scale", value = {doubleValue = 0.17}}]} : (tensor<*xf32>) -> tensor<*xf32>
    %distance = mlmodel.custom <"6" -> "distance">(%x, %z) {className = "L2Distance"} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %rows = mlmodel.custom <"7" -> "rows">(%x, %z) {className = "L2Distance", parameters = [{key = "axis", value = {intValue = -1 : i64}}]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %normal = mlmodel.custom <"8" -> "normal">(%x) {className = "InstanceNormalization"} : (tensor<*xf32>) -> tensor<*xf32>
    %affine = mlmodel.custom <"9" -> "affine">(%x) {className = "InstanceNorm", parameters = [{key = "epsilon", value = {doubleValue = 0.5}}], weights = [#mlmodel.weights<dense<[1.5, -2.0]> : tensor<2xf32>>, #mlmodel.weights<dense<[0.25, 3.0]> : tensor<2xf16>>]} : (tensor<*xf32>) -> tensor<*xf32>
    %cropped = mlmodel.custom <"10" -> "cropped">(%x) {className = "ResCropBlockLambda"} : (tensor<*xf32>) -> tensor<*xf32>
    %pixels = mlmodel.custom <"11" -> "pixels">(%x) {className = "RescaleOutputLambda"} : (tensor<*xf32>) -> tensor<*xf32>
    %sampled = mlmodel.custom <"12" -> "sampled">(%x, %theta) {className = "AAPLGridSampler", parameters = [{key = "output_height", value = {intValue = 4 : i64}}, {key = "output_width", value = {intValue = 9 : i64}}]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %point = mlmodel.custom <"13" -> "point">(%x, %theta) {className = "AAPLGridSampler", parameters = [{key = "output_height", value = {intValue = 1 : i64}}, {key = "output_width", value = {intValue = 1 : i64}}]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %swish, %swish3, %mish, %hard, %scaled, %distance, %rows, %normal, %affine, %cropped, %pixels, %sampled, %point
      : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
