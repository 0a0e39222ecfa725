mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 4>}}}], output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %y = mlmodel.add <"add" -> "y">(%x) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
