// Activation functions that the format has no layer for.
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for custom layers; docs/CustomLayers.md explains how to read and write
// them.

// x * sigmoid(beta * x)
func.func @swish(
    %x: tensor<*xf32>,
    %beta: tensor<1xf32> {mlmodel.parameter = "beta", mlmodel.default = 1.0})
    -> tensor<*xf32>
    attributes {mlmodel.classes = ["Swish", "swish", "SiLU", "silu"]} {
  %scaled = mlmodel.multiply_broadcastable <"scaled" -> "scaled">(%x, %beta)
      : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  %gate = mlmodel.activation <"gate" -> "gate">(%scaled) {sigmoid = {}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.multiply <"product" -> "product">(%x, %gate)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// x * tanh(log(1 + exp(x)))
func.func @mish(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["Mish", "mish"]} {
  %softplus = mlmodel.activation <"softplus" -> "softplus">(%x) {softplus = {}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %gate = mlmodel.activation <"gate" -> "gate">(%softplus) {tanh = {}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.multiply <"product" -> "product">(%x, %gate)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// x * min(max(x / 6 + 1 / 2, 0), 1)
func.func @hard_swish(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["HardSwish", "hard_swish", "HSwish", "h_swish"]} {
  %gate = mlmodel.activation <"gate" -> "gate">(%x)
      {sigmoidHard = {alpha = 0.166666667 : f32, beta = 0.5 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %y = mlmodel.multiply <"product" -> "product">(%x, %gate)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// scale * x + bias
func.func @scaling(
    %x: tensor<*xf32>,
    %scale: tensor<1xf32> {mlmodel.parameter = "scale", mlmodel.default = 1.0},
    %bias: tensor<1xf32> {mlmodel.parameter = "bias", mlmodel.default = 0.0})
    -> tensor<*xf32>
    attributes {mlmodel.classes = ["Scaling", "scaling", "Scale", "scale"]} {
  %scaled = mlmodel.multiply_broadcastable <"scaled" -> "scaled">(%x, %scale)
      : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  %y = mlmodel.add_broadcastable <"shifted" -> "shifted">(%scaled, %bias)
      : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
