// The state of a recurrent layer that is left out fits the batch, whatever shape is
// declared for it; and it goes from prediction to prediction.
// RUN: rm -rf %t && mkdir %t
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t/r.mlmodel
// RUN: %python -c "import numpy; numpy.save('%t/x.npy', numpy.float32([1, 2, 3, 4, 5, 6]).reshape(1, 3, 2, 1, 1))"
// RUN: mlmodel predict %t/r.mlmodel --input x=%t/x.npy --output-dir %t/once
// RUN: %python -c "import numpy; print(numpy.load('%t/once/y.npy').ravel())" | FileCheck %s --check-prefix=ONCE
// ONCE: [ 3. 7. 11.]
// RUN: %python -c "import numpy; x = numpy.load('%t/x.npy'); numpy.save('%t/two.npy', numpy.stack([x, x]))"
// RUN: mlmodel predict %t/r.mlmodel --inputs %t/two.npy --stateful --output-dir %t/two
// RUN: %python -c "import numpy; print(numpy.load('%t/two/1/y.npy').ravel())" | FileCheck %s --check-prefix=TWICE
// TWICE: [ 6. 14. 22.]
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1, 3, 2, 1, 1>}}},
           {name = "h", type = {isOptional = true, multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "h2", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {inputNames = ["x", "h"], outputNames = ["y", "h2"]} {
  ^bb0(%x: tensor<*xf32>, %h: tensor<*xf32>):
    %y, %h2 = mlmodel.simple_recurrent <"r" -> "y", "h2">(%x, %h) {inputVectorSize = 2 : i64, outputVectorSize = 1 : i64, activation = {linear = {}}, weightMatrix = #mlmodel.weights<dense<1.0> : tensor<2xf32>>, recursionMatrix = #mlmodel.weights<dense<1.0> : tensor<1xf32>>} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %y, %h2 : tensor<*xf32>, tensor<*xf32>
  }
}
