// Instance normalization.
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for custom layers; docs/CustomLayers.md explains how to read and write
// them.

// (x - mean) / sqrt(variance + epsilon), where mean and variance are those of
// each channel's height and width.
func.func private @normalize(%x: tensor<*xf32>, %epsilon: tensor<1xf32>) -> tensor<*xf32> {
  %mean = mlmodel.reduce_mean <"mean" -> "mean">(%x)
      {axes = array<i64: -2, -1>, keepDims = true}
      : (tensor<*xf32>) -> tensor<*xf32>
  %centered = mlmodel.subtract_broadcastable <"centered" -> "centered">(%x, %mean)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %square = mlmodel.multiply <"square" -> "square">(%centered, %centered)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %variance = mlmodel.reduce_mean <"variance" -> "variance">(%square)
      {axes = array<i64: -2, -1>, keepDims = true}
      : (tensor<*xf32>) -> tensor<*xf32>
  %shifted = mlmodel.add_broadcastable <"shifted" -> "shifted">(%variance, %epsilon)
      : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  %deviation = mlmodel.unary <"deviation" -> "deviation">(%shifted) {kind = "SQRT"}
      : (tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.divide_broadcastable <"normal" -> "normal">(%centered, %deviation)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

func.func @instance_normalization(
    %x: tensor<*xf32>,
    %epsilon: tensor<1xf32> {mlmodel.parameter = "epsilon", mlmodel.default = 1.0e-5})
    -> tensor<*xf32>
    attributes {mlmodel.classes = ["InstanceNormalization", "InstanceNorm"]} {
  %y = call @normalize(%x, %epsilon) : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// The same, times gamma plus beta of each channel.
func.func @affine_instance_normalization(
    %x: tensor<*xf32>,
    %epsilon: tensor<1xf32> {mlmodel.parameter = "epsilon", mlmodel.default = 1.0e-5},
    %gamma: tensor<?xf32> {mlmodel.weights = 0},
    %beta: tensor<?xf32> {mlmodel.weights = 1})
    -> tensor<*xf32>
    attributes {mlmodel.classes = ["InstanceNormalization", "InstanceNorm"]} {
  %normal = call @normalize(%x, %epsilon) : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  %gammas = mlmodel.expand_dims <"gammas" -> "gammas">(%gamma) {axes = array<i64: 1, 2>}
      : (tensor<?xf32>) -> tensor<*xf32>
  %betas = mlmodel.expand_dims <"betas" -> "betas">(%beta) {axes = array<i64: 1, 2>}
      : (tensor<?xf32>) -> tensor<*xf32>
  %scaled = mlmodel.multiply_broadcastable <"scaled" -> "scaled">(%normal, %gammas)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.add_broadcastable <"affine" -> "affine">(%scaled, %betas)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
