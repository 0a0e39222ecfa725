// Layers of the fast style transfer networks that are trained with Keras.
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for custom layers; docs/CustomLayers.md explains how to read and write
// them.

// Cuts two rows and columns off each side: what a residual block's two
// convolutions without padding lose.
func.func @crop_of_residual_block(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["ResCropBlockLambda"]} {
  %y = mlmodel.crop <"crop" -> "crop">(%x) {cropAmounts = array<i64: 2, 2, 2, 2>}
      : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// From [-1, 1] to [0, 255].
func.func @pixels(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["RescaleOutputLambda"]} {
  %y = mlmodel.activation <"pixels" -> "pixels">(%x)
      {linear = {alpha = 127.5 : f32, beta = 127.5 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
