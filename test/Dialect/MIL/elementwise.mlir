// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @unary
func.func @unary(%x: tensor<2x?xf32>) {
  // CHECK: mil.abs %{{.*}} : tensor<2x?xf32>
  %abs = mil.abs %x : tensor<2x?xf32>
  // CHECK: mil.exp %{{.*}} : tensor<2x?xf32>
  %exp = mil.exp %x : tensor<2x?xf32>
  // CHECK: mil.exp2 %{{.*}} : tensor<2x?xf32>
  %exp2 = mil.exp2 %x : tensor<2x?xf32>
  // CHECK: mil.sqrt %{{.*}} : tensor<2x?xf32>
  %sqrt = mil.sqrt %x : tensor<2x?xf32>
  // CHECK: mil.ceil %{{.*}} : tensor<2x?xf32>
  %ceil = mil.ceil %x : tensor<2x?xf32>
  // CHECK: mil.floor %{{.*}} : tensor<2x?xf32>
  %floor = mil.floor %x : tensor<2x?xf32>
  // CHECK: mil.sin %{{.*}} : tensor<2x?xf32>
  %sin = mil.sin %x : tensor<2x?xf32>
  // CHECK: mil.cos %{{.*}} : tensor<2x?xf32>
  %cos = mil.cos %x : tensor<2x?xf32>
  // CHECK: mil.tan %{{.*}} : tensor<2x?xf32>
  %tan = mil.tan %x : tensor<2x?xf32>
  // CHECK: mil.asin %{{.*}} : tensor<2x?xf32>
  %asin = mil.asin %x : tensor<2x?xf32>
  // CHECK: mil.acos %{{.*}} : tensor<2x?xf32>
  %acos = mil.acos %x : tensor<2x?xf32>
  // CHECK: mil.atan %{{.*}} : tensor<2x?xf32>
  %atan = mil.atan %x : tensor<2x?xf32>
  // CHECK: mil.sinh %{{.*}} : tensor<2x?xf32>
  %sinh = mil.sinh %x : tensor<2x?xf32>
  // CHECK: mil.cosh %{{.*}} : tensor<2x?xf32>
  %cosh = mil.cosh %x : tensor<2x?xf32>
  // CHECK: mil.tanh %{{.*}} : tensor<2x?xf32>
  %tanh = mil.tanh %x : tensor<2x?xf32>
  // CHECK: mil.asinh %{{.*}} : tensor<2x?xf32>
  %asinh = mil.asinh %x : tensor<2x?xf32>
  // CHECK: mil.acosh %{{.*}} : tensor<2x?xf32>
  %acosh = mil.acosh %x : tensor<2x?xf32>
  // CHECK: mil.atanh %{{.*}} : tensor<2x?xf32>
  %atanh = mil.atanh %x : tensor<2x?xf32>
  // CHECK: mil.erf %{{.*}} : tensor<2x?xf32>
  %erf = mil.erf %x : tensor<2x?xf32>
  // CHECK: mil.round %{{.*}} : tensor<2x?xf32>
  %round = mil.round %x : tensor<2x?xf32>
  // CHECK: mil.square %{{.*}} : tensor<2x?xf32>
  %square = mil.square %x : tensor<2x?xf32>
  // CHECK: mil.sign %{{.*}} : tensor<2x?xf32>
  %sign = mil.sign %x : tensor<2x?xf32>
  // CHECK: mil.logical_not %{{.*}} : tensor<2x?xf32>
  %logical_not = mil.logical_not %x : tensor<2x?xf32>
  // CHECK: mil.log %{{.*}}epsilon = 9.99999997E-7 : f32
  %log = mil.log %x {epsilon = 1.0e-6 : f32} : tensor<2x?xf32>
  // CHECK: mil.rsqrt %{{.*}}
  %rsqrt = mil.rsqrt %x : tensor<2x?xf32>
  // CHECK: mil.inverse %{{.*}}
  %inverse = mil.inverse %x : tensor<2x?xf32>
  // CHECK: mil.threshold %{{.*}}alpha = 5.000000e-01 : f32
  %threshold = mil.threshold %x {alpha = 0.5 : f32} : tensor<2x?xf32>
  // CHECK: mil.clip %{{.*}}beta = 1.000000e+00 : f32
  %clip = mil.clip %x {alpha = 0.0 : f32, beta = 1.0 : f32} : tensor<2x?xf32>
  return
}

// CHECK-LABEL: @binary
func.func @binary(%x: tensor<2x1x3xf32>, %y: tensor<4x1xf32>) {
  // CHECK: mil.add %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %add = mil.add %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.sub %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %sub = mil.sub %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.mul %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %mul = mil.mul %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.real_div %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %real_div = mil.real_div %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.floor_div %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %floor_div = mil.floor_div %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.mod %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %mod = mil.mod %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.pow %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %pow = mil.pow %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.maximum %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %maximum = mil.maximum %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.minimum %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %minimum = mil.minimum %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.equal %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %equal = mil.equal %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.not_equal %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %not_equal = mil.not_equal %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.less %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %less = mil.less %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.less_equal %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %less_equal = mil.less_equal %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.greater %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %greater = mil.greater %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.greater_equal %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %greater_equal = mil.greater_equal %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.logical_and %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %logical_and = mil.logical_and %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.logical_or %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %logical_or = mil.logical_or %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // CHECK: mil.logical_xor %{{.*}}, %{{.*}} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %logical_xor = mil.logical_xor %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  return
}

// A dynamic size gives way to a static one, and may be named by the result.
// CHECK-LABEL: @dynamic
func.func @dynamic(%x: tensor<?x3xf32>, %y: tensor<?x1xf32>, %z: tensor<4x1xf32>) {
  // CHECK: mil.add {{.*}} -> tensor<?x3xf32>
  %0 = mil.add %x, %y : (tensor<?x3xf32>, tensor<?x1xf32>) -> tensor<?x3xf32>
  // CHECK: mil.add {{.*}} -> tensor<4x3xf32>
  %1 = mil.add %x, %z : (tensor<?x3xf32>, tensor<4x1xf32>) -> tensor<4x3xf32>
  // CHECK: mil.add {{.*}} -> tensor<7x3xf32>
  %2 = mil.add %x, %y : (tensor<?x3xf32>, tensor<?x1xf32>) -> tensor<7x3xf32>
  // CHECK: mil.select
  %3 = mil.select %z, %x, %y : (tensor<4x1xf32>, tensor<?x3xf32>, tensor<?x1xf32>) -> tensor<4x3xf32>
  return
}
