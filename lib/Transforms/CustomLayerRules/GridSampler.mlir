// The sampler of spatial transformer networks.
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for custom layers; docs/CustomLayers.md explains how to read and write
// them.

// size points from -1 to 1, both included; a single one lies at 0.
func.func private @points(%size: tensor<1xf32>) -> tensor<*xf32> {
  %index = mlmodel.range_dynamic <"index" -> "index">(%size) {stepSizeValue = 1.0 : f32}
      : (tensor<1xf32>) -> tensor<*xf32>
  %last = mlmodel.activation <"last" -> "last">(%size) {linear = {alpha = 1.0 : f32, beta = -1.0 : f32}}
      : (tensor<1xf32>) -> tensor<*xf32>
  %twice = mlmodel.add <"twice" -> "twice">(%index, %index)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %centered = mlmodel.subtract_broadcastable <"centered" -> "centered">(%twice, %last)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %steps = mlmodel.unary <"steps" -> "steps">(%last) {kind = "THRESHOLD", alpha = 1.0 : f32}
      : (tensor<*xf32>) -> tensor<*xf32>
  %points = mlmodel.divide_broadcastable <"points" -> "points">(%centered, %steps)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %points : tensor<*xf32>
}

// a * x + b * y + c, mapped from [-1, 1] to [0, last].
func.func private @place(%a: tensor<*xf32>, %b: tensor<*xf32>, %c: tensor<*xf32>,
                         %x: tensor<*xf32>, %y: tensor<*xf32>, %last: tensor<*xf32>)
    -> tensor<*xf32> {
  %ax = mlmodel.multiply_broadcastable <"ax" -> "ax">(%a, %x)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %by = mlmodel.multiply_broadcastable <"by" -> "by">(%b, %y)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %rotated = mlmodel.add_broadcastable <"rotated" -> "rotated">(%ax, %by)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %moved = mlmodel.add_broadcastable <"moved" -> "moved">(%rotated, %c)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %fraction = mlmodel.activation <"fraction" -> "fraction">(%moved)
      {linear = {alpha = 0.5 : f32, beta = 0.5 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %place = mlmodel.multiply_broadcastable <"place" -> "place">(%fraction, %last)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %place : tensor<*xf32>
}

// The pixels at column x and row y, which are whole numbers, times weight; zero
// outside of the image.
func.func private @tap(%pixels: tensor<*xf32>, %x: tensor<*xf32>, %y: tensor<*xf32>,
                       %weight: tensor<*xf32>, %right: tensor<*xf32>,
                       %bottom: tensor<*xf32>, %width: tensor<*xf32>)
    -> tensor<*xf32> {
  %x0 = mlmodel.activation <"x0" -> "x0">(%x) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
  %y0 = mlmodel.activation <"y0" -> "y0">(%y) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
  %column = mlmodel.min_broadcastable <"column" -> "column">(%x0, %right)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %row = mlmodel.min_broadcastable <"row" -> "row">(%y0, %bottom)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>

  %start = mlmodel.multiply_broadcastable <"start" -> "start">(%row, %width)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %index = mlmodel.add <"index" -> "index">(%start, %column)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %values = mlmodel.gather <"values" -> "values">(%pixels, %index) {axis = -1 : i64}
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>

  // Clamping has changed what is outside.
  %inside_x = mlmodel.equal <"inside_x" -> "inside_x">(%column, %x)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %inside_y = mlmodel.equal <"inside_y" -> "inside_y">(%row, %y)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %share = mlmodel.multiply <"share" -> "share">(%weight, %inside_x, %inside_y)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %tap = mlmodel.multiply_broadcastable <"tap" -> "tap">(%values, %share)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %tap : tensor<*xf32>
}

// Samples an image [..., C, H, W] at the points of a regular grid that the matrix
// theta, two rows of three, maps to the image. Points run from -1 at the centres of
// the first row and column to 1 at those of the last ones. Between pixels the
// values are interpolated linearly; outside of the image they are zero.
func.func @grid_sampler(
    %image: tensor<*xf32>, %theta: tensor<*xf32>,
    %output_height: tensor<1xf32> {mlmodel.parameter = "output_height"},
    %output_width: tensor<1xf32> {mlmodel.parameter = "output_width"})
    -> tensor<*xf32>
    attributes {mlmodel.classes = ["AAPLGridSampler"]} {
  %shape = mlmodel.get_shape <"shape" -> "shape">(%image) : (tensor<*xf32>) -> tensor<*xf32>
  %height = mlmodel.slice_static <"height" -> "height">(%shape)
      {beginIds = array<i64: -2>, beginMasks = array<i1: false>,
       endIds = array<i64: -1>, endMasks = array<i1: false>, strides = array<i64: 1>}
      : (tensor<*xf32>) -> tensor<*xf32>
  %width = mlmodel.slice_static <"width" -> "width">(%shape)
      {beginIds = array<i64: -1>, beginMasks = array<i1: false>,
       endIds = array<i64: 0>, endMasks = array<i1: true>, strides = array<i64: 1>}
      : (tensor<*xf32>) -> tensor<*xf32>
  %bottom = mlmodel.activation <"bottom" -> "bottom">(%height)
      {linear = {alpha = 1.0 : f32, beta = -1.0 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %right = mlmodel.activation <"right" -> "right">(%width)
      {linear = {alpha = 1.0 : f32, beta = -1.0 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>

  // Where in the image each point of the result lies.
  %matrix = mlmodel.reshape_static <"matrix" -> "matrix">(%theta) {targetShape = array<i64: 6>}
      : (tensor<*xf32>) -> tensor<*xf32>
  %t:6 = mlmodel.split_nd <"theta" -> "t00", "t01", "t02", "t10", "t11", "t12">(%matrix)
      {numSplits = 6 : i64}
      : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
                            tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %gx = call @points(%output_width) : (tensor<1xf32>) -> tensor<*xf32>
  %rows = call @points(%output_height) : (tensor<1xf32>) -> tensor<*xf32>
  %gy = mlmodel.expand_dims <"gy" -> "gy">(%rows) {axes = array<i64: 1>}
      : (tensor<*xf32>) -> tensor<*xf32>
  %x = call @place(%t#0, %t#1, %t#2, %gx, %gy, %right)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
         tensor<*xf32>) -> tensor<*xf32>
  %y = call @place(%t#3, %t#4, %t#5, %gx, %gy, %bottom)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
         tensor<*xf32>) -> tensor<*xf32>

  // The four pixels around it, and their shares.
  %x0 = mlmodel.floor <"x0" -> "x0">(%x) : (tensor<*xf32>) -> tensor<*xf32>
  %y0 = mlmodel.floor <"y0" -> "y0">(%y) : (tensor<*xf32>) -> tensor<*xf32>
  %x1 = mlmodel.activation <"x1" -> "x1">(%x0) {linear = {alpha = 1.0 : f32, beta = 1.0 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %y1 = mlmodel.activation <"y1" -> "y1">(%y0) {linear = {alpha = 1.0 : f32, beta = 1.0 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
  %to_x0 = mlmodel.subtract_broadcastable <"to_x0" -> "to_x0">(%x, %x0)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %to_x1 = mlmodel.subtract_broadcastable <"to_x1" -> "to_x1">(%x1, %x)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %to_y0 = mlmodel.subtract_broadcastable <"to_y0" -> "to_y0">(%y, %y0)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %to_y1 = mlmodel.subtract_broadcastable <"to_y1" -> "to_y1">(%y1, %y)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %w00 = mlmodel.multiply <"w00" -> "w00">(%to_x1, %to_y1)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %w01 = mlmodel.multiply <"w01" -> "w01">(%to_x0, %to_y1)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %w10 = mlmodel.multiply <"w10" -> "w10">(%to_x1, %to_y0)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %w11 = mlmodel.multiply <"w11" -> "w11">(%to_x0, %to_y0)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>

  %pixels = mlmodel.flatten_to2d <"pixels" -> "pixels">(%image) {axis = -2 : i64}
      : (tensor<*xf32>) -> tensor<*xf32>
  %v00 = call @tap(%pixels, %x0, %y0, %w00, %right, %bottom, %width)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
         tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %v01 = call @tap(%pixels, %x1, %y0, %w01, %right, %bottom, %width)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
         tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %v10 = call @tap(%pixels, %x0, %y1, %w10, %right, %bottom, %width)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
         tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %v11 = call @tap(%pixels, %x1, %y1, %w11, %right, %bottom, %width)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>,
         tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %sum = mlmodel.add <"sum" -> "sum">(%v00, %v01, %v10, %v11)
      : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>

  // [C, h, w] so far; a zero of shape [..., C, 1, 1] gives the image's rank back.
  %corner = mlmodel.reduce_max <"corner" -> "corner">(%image)
      {axes = array<i64: -2, -1>, keepDims = true}
      : (tensor<*xf32>) -> tensor<*xf32>
  %zero = mlmodel.fill_like <"zero" -> "zero">(%corner) : (tensor<*xf32>) -> tensor<*xf32>
  %result = mlmodel.add_broadcastable <"result" -> "result">(%zero, %sum)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %result : tensor<*xf32>
}
