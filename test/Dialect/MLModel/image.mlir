// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "r", "b"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x2x3x9x8xf32>, %r: tensor<1x1x1x4x5xf32>, %b: tensor<6x1x5x1x1xf32>):
    // CHECK: mlmodel.crop <"amounts" {{.*}} -> tensor<1x2x3x6x1xf32>
    %0 = mlmodel.crop <"amounts" -> "amounts"> (%x) {cropAmounts = array<i64: 1, 2, 3, 4>} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.crop <"reference" {{.*}} -> tensor<1x2x3x4x5xf32>
    %1 = mlmodel.crop <"reference" -> "reference"> (%x, %r) {offset = array<i64: 5, 3>} : (tensor<1x2x3x9x8xf32>, tensor<1x1x1x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.upsample <"whole" {{.*}} -> tensor<1x2x3x18x24xf32>
    %2 = mlmodel.upsample <"whole" -> "whole"> (%x) {scalingFactor = array<i64: 2, 3>} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.upsample <"fraction" {{.*}} -> tensor<1x2x3x13x4xf32>
    %3 = mlmodel.upsample <"fraction" -> "fraction"> (%x) {fractionalScalingFactor = array<f32: 1.5, 0.5>, mode = "BILINEAR", linearUpsampleMode = "ALIGN_CORNERS_FALSE"} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.resize_bilinear {{.*}} -> tensor<1x2x3x4x20xf32>
    %4 = mlmodel.resize_bilinear <"r" -> "r2"> (%x) {targetSize = array<i64: 4, 20>} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.crop_resize {{.*}} -> tensor<6x1x3x4x4xf32>
    %5 = mlmodel.crop_resize <"c" -> "c"> (%x, %b) {targetSize = array<i64: 4, 4>} : (tensor<1x2x3x9x8xf32>, tensor<6x1x5x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %5 : tensor<*xf32>
  }
}
