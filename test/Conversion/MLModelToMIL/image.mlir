// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

// CHECK-LABEL: func.func @main(
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "r", "b"], outputNames = ["y0", "y1", "y2", "y3", "y4", "y5"]} {
  ^bb0(%x: tensor<1x2x3x9x8xf32>, %r: tensor<1x1x1x4x5xf32>, %b: tensor<6x1x5x1x1xf32>):
    // CHECK: mil.crop {{.*}}crop_height = array<i64: 1, 2>, crop_width = array<i64: 3, 4>
    %0 = mlmodel.crop <"amounts" -> "y0"> (%x) {cropAmounts = array<i64: 1, 2, 3, 4>} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.crop {{.*}}crop_height = array<i64: 5, 0>, crop_width = array<i64: 2, 1>
    %1 = mlmodel.crop <"reference" -> "y1"> (%x, %r) {offset = array<i64: 5, 2>} : (tensor<1x2x3x9x8xf32>, tensor<1x1x1x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.resize_nearest_neighbor {{.*}}target_size_height = 18 : i64, target_size_width = 24 : i64
    %2 = mlmodel.upsample <"nearest" -> "y2"> (%x) {scalingFactor = array<i64: 2, 3>} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.resize_bilinear {{.*}}sampling_mode = "UNALIGN_CORNERS"
    %3 = mlmodel.upsample <"bilinear" -> "y3"> (%x) {fractionalScalingFactor = array<f32: 1.5, 0.5>, mode = "BILINEAR", linearUpsampleMode = "ALIGN_CORNERS_FALSE"} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.resize_bilinear {{.*}}sampling_mode = "OFFSET_CORNERS"
    %4 = mlmodel.resize_bilinear <"resize" -> "y4"> (%x) {targetSize = array<i64: 4, 20>, mode = {samplingMethod = "ROI_ALIGN_MODE"}} : (tensor<1x2x3x9x8xf32>) -> tensor<*xf32>
    // The first of five numbers is the image a box is cut from.
    // CHECK: %[[S:.*]]:2 = mil.split {{.*}}split_sizes = array<i64: 1, 4>
    // CHECK: mil.crop_resize {{.*}}box_coordinate_mode = "CENTER_SIZE_WIDTH_FIRST"
    %5 = mlmodel.crop_resize <"boxes" -> "y5"> (%x, %b) {targetSize = array<i64: 4, 4>, boxIndicesMode = {boxMode = "CENTER_SIZE_WIDTH_FIRST"}, spatialScale = 1.0 : f32} : (tensor<1x2x3x9x8xf32>, tensor<6x1x5x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %0, %1, %2, %3, %4, %5 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
