// The layers of examples/custom-layers, among others: two read the same blob, and
// what is before and after them could be computed in its memory.
mlmodel.model attributes {
  description = {
    input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 3, 4, 5>}}}],
    output = [{name = "clipped", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "values", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "places", type = {multiArrayType = {dataType = "FLOAT32"}}},
              {name = "sum", type = {multiArrayType = {dataType = "FLOAT32"}}}]},
  specificationVersion = 2 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["clipped", "values", "places", "sum"]} {
  ^bb0(%x: tensor<*xf32>):
    %twice = mlmodel.activation <"twice" -> "twice">(%x) {linear = {alpha = 2.0 : f32}} : (tensor<*xf32>) -> tensor<*xf32>
    %clipped = mlmodel.custom <"clip" -> "clipped">(%twice) {
      className = "ClipChannels",
      parameters = [{key = "limit", value = {doubleValue = 0.5}}],
      weights = [#mlmodel.weights<dense<[1.0, -2.0, 0.5]> : tensor<3xf16>>]
    } : (tensor<*xf32>) -> tensor<*xf32>
    %negative = mlmodel.activation <"negative" -> "negative">(%twice) {linear = {alpha = -1.0 : f32}} : (tensor<*xf32>) -> tensor<*xf32>
    %top:2 = mlmodel.custom <"top" -> "values", "places">(%twice) {className = "TopTwo"} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    %sum = mlmodel.add <"sum" -> "sum">(%negative, %clipped) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %clipped, %top#0, %top#1, %sum : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
