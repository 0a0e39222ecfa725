// Custom layers in a loop, of a library and of a rule, with other shapes in the
// first round than in the next ones.
//
// RUN: rm -rf %t && mkdir -p %t
// RUN: %cxx -shared -fPIC -I %include %examples/custom-layers/TopTwo.cpp -o %t/top.so
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t/net.mlmodel
// RUN: mlmodel info --verify %t/net.mlmodel --custom-library %t/top.so
// RUN: mlmodel predict %t/net.mlmodel --custom-library %t/top.so --input x=1,5,3 | tr -d ' \n' | FileCheck %s
// CHECK: "y":{{.*}}"shape":[2]{{.*}}"values":[40,40]
//
// Without the library the layer is named before anything runs.
// RUN: not mlmodel predict %t/net.mlmodel --input x=1,5,3 2>&1 | FileCheck %s --check-prefix=NOBODY
// NOBODY: layer 'top' (custom): no implementation of class 'TopTwo' is registered
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
    input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 3>}}}],
    output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %start = mlmodel.copy <"start" -> "y">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %y = mlmodel.loop <"rounds">(%start) {carried = ["y"], maxLoopIterations = 3 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%v: tensor<*xf32>):
      %both = mlmodel.concat_nd <"both" -> "both">(%v, %v) {axis = 0 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      %scaled = mlmodel.custom <"scale" -> "scaled">(%both) {className = "Scaling", parameters = [{key = "scale", value = {doubleValue = 2.0}}]} : (tensor<*xf32>) -> tensor<*xf32>
      %top:2 = mlmodel.custom <"top" -> "y", "places">(%scaled) {className = "TopTwo"} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
      mlmodel.yield %top#0 : tensor<*xf32>
    }
    mlmodel.output %y : tensor<*xf32>
  }
}
