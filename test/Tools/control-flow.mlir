// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: mlmodel predict %t.mlmodel --input x=1 | tr -d ' \n' | FileCheck %s
// RUN: mlmodel predict %t.mlmodel --input x=-1 | tr -d ' \n' | FileCheck %s --check-prefix=NEGATIVE
// RUN: mlmodel-translate --mlmodel-to-mlir %t.mlmodel | FileCheck %s --check-prefix=IR
// RUN: rm -rf %t.dump && mlmodel predict %t.mlmodel --input x=1 --dump '^(next|more|minus|ten|outer)$:%t.dump' | tr -d ' \n' | FileCheck %s
// RUN: /usr/bin/python3 %S/Inputs/print-dump.py %t.dump | FileCheck %s --check-prefix=DUMP
// RUN: mlmodel compare --layers %t.mlmodel %t.dump --inputs %S/Inputs/x-is-one.json | FileCheck %s --check-prefix=FILES
// RUN: mlmodel compare --layers %t.mlmodel %t.mlmodel --random 2 | FileCheck %s --check-prefix=SAME

// What layers in bodies write, round by round; what does not run writes nothing.
// DUMP: next 0 i.npy [1.]
// DUMP-NEXT: more 0 sum.npy [1.]
// DUMP-NEXT: next 1 i.1.npy [2.]
// DUMP-NEXT: more 1 sum.1.npy [3.]
// DUMP-NEXT: next 2 i.2.npy [3.]
// DUMP-NEXT: next 3 i.3.npy [4.]
// DUMP-NEXT: more 2 sum.2.npy [7.]
// DUMP-NEXT: next 4 i.4.npy [5.]
// DUMP-NEXT: more 3 sum.3.npy [12.]
// DUMP-NEXT: next 5 i.5.npy [6.]
// DUMP-NEXT: minus 0 sign.npy [-1.]
// DUMP-NEXT: ten 0 sign.1.npy [10.]
// DUMP-NEXT: outer 0 product.npy [6.]
// DUMP-NOT: {{.}}
// FILES: i.5 {{.*}} next (add)
// FILES: blobs of A are not in B
// FILES: no layer is above
// SAME: i.5 {{.*}} next (add)
// SAME-NOT: not in B

// Skips 3 and stops behind 5: 1 + 2 + 4 + 5; then rounds inside rounds.
// CHECK: "grown":{"dataType":"float32","shape":[8],"type":"multiArray","values":[1,1,1,1,1,1,1,1]}
// CHECK-SAME: "product":{{.*}}"values":[6]
// CHECK-SAME: "sign":{{.*}}"values":[10]
// CHECK-SAME: "sum":{{.*}}"values":[12]
// NEGATIVE: "sign":{{.*}}"values":[-1]

// A jump takes along what its loop carries, an absent body what was there.
// IR: mlmodel.loop_continue <"skip">(%{{.*}}, %{{.*}})
// IR: mlmodel.loop_break <"stop">(%{{.*}}, %{{.*}})
// IR: mlmodel.branch <"positive">(%x, %{{.*}}) {carried = ["sign"]}
mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "sum", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "sign", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "product", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "grown", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["sum", "sign", "product", "grown"]} {
  ^bb0(%x: tensor<*xf32>):
    %sum = mlmodel.fill_static <"sum0" -> "sum">() {value = 0.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %i = mlmodel.fill_static <"i0" -> "i">() {value = 0.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %sums, %is = mlmodel.loop <"rounds">(%sum, %i) {carried = ["sum", "i"], maxLoopIterations = 100 : i64} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
    } do {
    ^bb0(%s: tensor<*xf32>, %j: tensor<*xf32>):
      %next = mlmodel.add <"next" -> "i">(%j) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      %three = mlmodel.equal <"three" -> "three">(%next) {alpha = 3.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.branch <"at_three">(%three) {carried = []} : (tensor<*xf32>) -> () {
        mlmodel.loop_continue <"skip">(%s, %next) : (tensor<*xf32>, tensor<*xf32>) -> ()
        mlmodel.yield
      } else {
      }
      %far = mlmodel.greater_than <"far" -> "far">(%next) {alpha = 5.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.branch <"at_end">(%far) {carried = []} : (tensor<*xf32>) -> () {
        mlmodel.loop_break <"stop">(%s, %next) : (tensor<*xf32>, tensor<*xf32>) -> ()
        mlmodel.yield
      } else {
      }
      %more = mlmodel.add_broadcastable <"more" -> "sum">(%s, %next) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %more, %next : tensor<*xf32>, tensor<*xf32>
    }
    %minus = mlmodel.fill_static <"minus" -> "sign">() {value = -1.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %sign = mlmodel.branch <"positive">(%x, %minus) {carried = ["sign"]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
      %ten = mlmodel.fill_static <"ten" -> "sign">() {value = 10.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
      mlmodel.yield %ten : tensor<*xf32>
    } else {
    }
    %product = mlmodel.fill_static <"product0" -> "product">() {value = 0.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %products = mlmodel.loop <"outer">(%product) {carried = ["product"], maxLoopIterations = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%p: tensor<*xf32>):
      %inner = mlmodel.loop <"inner">(%p) {carried = ["product"], maxLoopIterations = 3 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
      } do {
      ^bb0(%q: tensor<*xf32>):
        %one = mlmodel.add <"one" -> "product">(%q) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
        mlmodel.yield %one : tensor<*xf32>
      }
      mlmodel.yield %inner : tensor<*xf32>
    }
    // Doubles its length three times.
    %start = mlmodel.fill_static <"start" -> "grown">() {value = 1.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %grown = mlmodel.loop <"grow">(%start) {carried = ["grown"], maxLoopIterations = 3 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%g: tensor<*xf32>):
      %twice = mlmodel.concat_nd <"twice" -> "grown">(%g, %g) {axis = 0 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %twice : tensor<*xf32>
    }
    mlmodel.output %sums, %sign, %products, %grown : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
