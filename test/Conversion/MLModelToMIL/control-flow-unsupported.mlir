// RUN: mlmodel-opt %s --split-input-file --mlmodel-infer-shapes --convert-mlmodel-to-mil --verify-diagnostics

// The runtime watches over loops that may never end.
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["x"]} {
  ^bb0(%x: tensor<1xf32>):
    // expected-error @+1 {{layer 'l' (loop): a loop with a computed end is not supported}}
    %z = mlmodel.loop <"l"> (%x) {carried = ["x"], conditionVar = "x"} : (tensor<1xf32>) -> tensor<*xf32> {
    ^bb0(%a: tensor<*xf32>):
      mlmodel.yield %a : tensor<*xf32>
    } do {
    ^bb0(%a: tensor<*xf32>):
      mlmodel.yield %a : tensor<*xf32>
    }
    mlmodel.output %z : tensor<*xf32>
  }
}
