// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-add-starts-last,mlmodel-fuse-elementwise,canonicalize,mlmodel-hoist-broadcasts,mlmodel-form-epilogues))' | FileCheck %s

#x = affine_map<(o, i, p) -> (i, p)>
#w = affine_map<(o, i, p) -> (o, i)>
#y = affine_map<(o, i, p) -> (o, p)>
#id = affine_map<(o, p) -> (o, p)>
#channel = affine_map<(o, p) -> (o)>

// The sum starts from zeros; bias, normalization and activation follow in place;
// what depends on the channel alone is computed once for each.
// CHECK-LABEL: @conv
// CHECK-SAME: %[[X:.*]]: tensor<8x64xf32>, %[[W:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<4xf32>, %[[V:.*]]: tensor<4xf32>
// CHECK: %[[SCALE:.*]] = linalg.generic {{.*}} ins(%[[V]] : tensor<4xf32>)
// CHECK: math.sqrt
// CHECK: %[[ZEROS:.*]] = linalg.fill
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[W]] : {{.*}}) outs(%[[ZEROS]]
// CHECK: linalg.generic {{.*}} ins(%[[B]], {{.*}}%[[SCALE]] : {{.*}}) outs(%[[SUM]]
// CHECK-NOT: math.sqrt
// CHECK: arith.maxnumf
func.func @conv(%x: tensor<8x64xf32>, %w: tensor<4x8xf32>, %b: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<4x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x64xf32>
  %bias = linalg.generic {indexing_maps = [#channel, #id], iterator_types = ["parallel", "parallel"]}
      ins(%b : tensor<4xf32>) outs(%empty : tensor<4x64xf32>) {
  ^bb0(%a: f32, %c: f32):
    linalg.yield %a : f32
  } -> tensor<4x64xf32>
  %sum = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x, %w : tensor<8x64xf32>, tensor<4x8xf32>) outs(%bias : tensor<4x64xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x64xf32>
  %scaled = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %v : tensor<4x64xf32>, tensor<4xf32>) outs(%empty : tensor<4x64xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = math.sqrt %c : f32
    %1 = arith.divf %a, %0 : f32
    %2 = arith.maxnumf %1, %zero : f32
    linalg.yield %2 : f32
  } -> tensor<4x64xf32>
  return %scaled : tensor<4x64xf32>
}

// A result that somebody else reads stays.
// CHECK-LABEL: @shared
// CHECK: %[[SUM:.*]] = linalg.generic
// CHECK: linalg.generic {{.*}} ins(%[[SUM]]
func.func @shared(%x: tensor<8x64xf32>, %w: tensor<4x8xf32>, %start: tensor<4x64xf32>) -> (tensor<4x64xf32>, tensor<4x64xf32>) {
  %empty = tensor.empty() : tensor<4x64xf32>
  %sum = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x, %w : tensor<8x64xf32>, tensor<4x8xf32>) outs(%start : tensor<4x64xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x64xf32>
  %root = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%sum : tensor<4x64xf32>) outs(%empty : tensor<4x64xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = math.sqrt %a : f32
    linalg.yield %0 : f32
  } -> tensor<4x64xf32>
  return %sum, %root : tensor<4x64xf32>, tensor<4x64xf32>
}
