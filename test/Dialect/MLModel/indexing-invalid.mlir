// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @slice_stride(%x: tensor<*xf32>) {
  // expected-error @+1 {{stride is 0, must be positive}}
  %0 = mlmodel.slice <"l" -> "y0"> (%x) {endIndex = 4 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_empty(%x: tensor<1x1x4x2x2xf32>) {
  // expected-error @+1 {{endIndex is 1, which leaves nothing from startIndex 3 of size 4}}
  %0 = mlmodel.slice <"l" -> "y0"> (%x) {startIndex = 3 : i64, endIndex = 1 : i64, stride = 1 : i64} : (tensor<1x1x4x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_static_stride(%x: tensor<*xf32>) {
  // expected-error @+1 {{strides is 0, must not be zero}}
  %0 = mlmodel.slice_static <"l" -> "y0"> (%x) {beginIds = array<i64: 0>, beginMasks = array<i1: false>, endIds = array<i64: 1>, endMasks = array<i1: false>, strides = array<i64: 0>, squeezeMasks = array<i1: false>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_static_empty(%x: tensor<4xf32>) {
  // expected-error @+1 {{slice from beginIds 3 to endIds 1 is empty in axis 0 of size 4}}
  %0 = mlmodel.slice_static <"l" -> "y0"> (%x) {beginIds = array<i64: 3>, beginMasks = array<i1: false>, endIds = array<i64: 1>, endMasks = array<i1: false>, strides = array<i64: 1>, squeezeMasks = array<i1: false>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_static_extreme(%x: tensor<4xf32>) {
  // expected-error @+1 {{is empty in axis 0 of size 4}}
  %0 = mlmodel.slice_static <"l" -> "y0"> (%x) {beginIds = array<i64: -9223372036854775808>, beginMasks = array<i1: false>, endIds = array<i64: -9223372036854775808>, endMasks = array<i1: false>, strides = array<i64: -9223372036854775808>, squeezeMasks = array<i1: false>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_static_count(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{beginIds has 1 entries, expected 3}}
  %0 = mlmodel.slice_static <"l" -> "y0"> (%x) {beginIds = array<i64: 3>, beginMasks = array<i1: false>, endIds = array<i64: 1>, endMasks = array<i1: false>, strides = array<i64: 1>, squeezeMasks = array<i1: false>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_static_squeeze(%x: tensor<4xf32>) {
  // expected-error @+1 {{beginIds is 4, but axis 0 has size 4}}
  %0 = mlmodel.slice_static <"l" -> "y0"> (%x) {beginIds = array<i64: 4>, beginMasks = array<i1: false>, endIds = array<i64: 1>, endMasks = array<i1: false>, strides = array<i64: 1>, squeezeMasks = array<i1: true>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_by_size(%x: tensor<4xf32>) {
  // expected-error @+1 {{size is 5, but the axis has size 4}}
  %0 = mlmodel.slice_by_size <"l" -> "y0"> (%x, %x) {size = 5 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gather_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{layer 'l' (gather): axis is 5, but the input has rank 1}}
  %0 = mlmodel.gather <"l" -> "y0"> (%x, %x) {axis = 5 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gather_rank(%x: tensor<1x1x1x1x1xf32>) {
  // expected-error @+1 {{output would have rank 9, at most 8 is supported}}
  %0 = mlmodel.gather <"l" -> "y0"> (%x, %x) : (tensor<1x1x1x1x1xf32>, tensor<1x1x1x1x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_updates(%x: tensor<5x3xf32>, %i: tensor<6xf32>, %u: tensor<6x4xf32>) {
  // expected-error @+1 {{input 2 has shape 6x4, expected 6x3}}
  %0 = mlmodel.scatter <"l" -> "y0"> (%x, %i, %u) : (tensor<5x3xf32>, tensor<6xf32>, tensor<6x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gather_nd_depth(%x: tensor<5x3xf32>, %i: tensor<6x3xf32>) {
  // expected-error @+1 {{last axis of input 1 is 3, but input 0 has rank 2}}
  %0 = mlmodel.gather_nd <"l" -> "y0"> (%x, %i) : (tensor<5x3xf32>, tensor<6x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_nd_updates(%x: tensor<5x3xf32>, %i: tensor<6x1xf32>, %u: tensor<6x4xf32>) {
  // expected-error @+1 {{input 2 has shape 6x4, expected 6x3}}
  %0 = mlmodel.scatter_nd <"l" -> "y0"> (%x, %i, %u) : (tensor<5x3xf32>, tensor<6x1xf32>, tensor<6x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gather_along(%x: tensor<5x3xf32>, %i: tensor<6x4xf32>) {
  // expected-error @+1 {{input 1 of shape 6x4 does not match input 0 of shape 5x3 outside axis 0}}
  %0 = mlmodel.gather_along_axis <"l" -> "y0"> (%x, %i) : (tensor<5x3xf32>, tensor<6x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_along(%x: tensor<5x3xf32>, %i: tensor<6x3xf32>, %u: tensor<5x3xf32>) {
  // expected-error @+1 {{input 2 of shape 5x3 does not match input 1 of shape 6x3}}
  %0 = mlmodel.scatter_along_axis <"l" -> "y0"> (%x, %i, %u) : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<5x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @where(%x: tensor<5x3xf32>, %i: tensor<6x3xf32>) {
  // expected-error @+1 {{does not broadcast}}
  %0 = mlmodel.where_broadcastable <"l" -> "y0"> (%x, %i, %x) : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<5x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @one_hot_bomb(%x: tensor<4xf32>) {
  // expected-error @+1 {{is larger than the limit}}
  %0 = mlmodel.one_hot <"l" -> "y0"> (%x) {oneHotVectorSize = 4611686018427387904 : i64} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @one_hot_none(%x: tensor<*xf32>) {
  // expected-error @+1 {{oneHotVectorSize is 0, must be positive}}
  %0 = mlmodel.one_hot <"l" -> "y0"> (%x) : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @one_hot_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{axis is 2, but the input has rank 2}}
  %0 = mlmodel.one_hot <"l" -> "y0"> (%x) {oneHotVectorSize = 2 : i64, axis = 2 : i64} : (tensor<4xf32>) -> tensor<*xf32>
  return
}
