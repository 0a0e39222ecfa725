// Distances between two vectors.
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for custom layers; docs/CustomLayers.md explains how to read and write
// them.

// Over channels, height and width, where the format's older layers keep vectors.
func.func @l2_distance(%a: tensor<*xf32>, %b: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["L2Distance", "l2_distance",
                                   "EuclideanDistance", "euclidean_distance"]} {
  %difference = mlmodel.subtract_broadcastable <"difference" -> "difference">(%a, %b)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.reduce <"distance" -> "distance">(%difference) {axis = "CHW", mode = "L2"}
      : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// Over the last axis, which stays with size 1.
func.func @l2_distance_of_rows(%a: tensor<*xf32>, %b: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["L2Distance", "l2_distance",
                                   "EuclideanDistance", "euclidean_distance"],
                mlmodel.where = {axis = -1}} {
  %difference = mlmodel.subtract_broadcastable <"difference" -> "difference">(%a, %b)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.reduce_l2 <"distance" -> "distance">(%difference)
      {axes = array<i64: -1>, keepDims = true}
      : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
