// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @reshape_length(%x: tensor<*xf32>) {
  // expected-error @+1 {{layer 'l' (reshape): targetShape has 2 entries, expected 3 or 4}}
  %0 = mlmodel.reshape <"l" -> "y0"> (%x) {targetShape = array<i64: 4, 4>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_two_unknown(%x: tensor<*xf32>) {
  // expected-error @+1 {{targetShape has -1 more than once}}
  %0 = mlmodel.reshape_static <"l" -> "y0"> (%x) {targetShape = array<i64: -1, -1>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_overflow(%x: tensor<*xf32>) {
  // expected-error @+1 {{has more elements than 64 bits can count}}
  %0 = mlmodel.reshape_static <"l" -> "y0"> (%x) {targetShape = array<i64: 1099511627776, 1099511627776>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_count(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{targetShape 5x5 does not fit the 24 elements of shape 2x3x4}}
  %0 = mlmodel.reshape_static <"l" -> "y0"> (%x) {targetShape = array<i64: 5, 5>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_indivisible(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{targetShape 5x-1 does not fit the 24 elements}}
  %0 = mlmodel.reshape_static <"l" -> "y0"> (%x) {targetShape = array<i64: 5, -1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_copies_too_far(%x: tensor<4xf32>) {
  // expected-error @+1 {{targetShape copies axis 1, but the input has rank 1}}
  %0 = mlmodel.reshape_static <"l" -> "y0"> (%x) {targetShape = array<i64: 2, 0>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_rank(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{targetShape has 2 entries, expected 3, one for each axis of the input}}
  %0 = mlmodel.rank_preserving_reshape <"l" -> "y0"> (%x) {targetShape = array<i64: 6, 4>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @flatten_rank(%x: tensor<4xf32>) {
  // expected-error @+1 {{input 0 has rank 1, expected 3 or more}}
  %0 = mlmodel.flatten <"l" -> "y0"> (%x) : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @permute_twice(%x: tensor<*xf32>) {
  // expected-error @+1 {{axis is 1, axis must be a permutation of 0 to 3}}
  %0 = mlmodel.permute <"l" -> "y0"> (%x) {axis = array<i64: 0, 1, 1, 3>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_rank(%x: tensor<4xf32>) {
  // expected-error @+1 {{input 0 has rank 1, expected 3 or more}}
  %0 = mlmodel.concat <"l" -> "y0"> (%x, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_nd_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{axis is 7, but the input has rank 1}}
  %0 = mlmodel.concat_nd <"l" -> "y0"> (%x, %x) {axis = 7 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_nd_shape(%x: tensor<2x3xf32>, %z: tensor<2x4xf32>) {
  // expected-error @+1 {{input 1 of shape 2x4 does not match input 0 of shape 2x3 outside axis 0}}
  %0 = mlmodel.concat_nd <"l" -> "y0"> (%x, %z) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @split_none(%x: tensor<1x1x4x2x2xf32>) {
  // expected-error @+1 {{nOutputs is 0, but the layer has 1 outputs}}
  %0 = mlmodel.split <"l" -> "y0"> (%x) : (tensor<1x1x4x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @split_indivisible(%x: tensor<1x1x4x2x2xf32>) {
  // expected-error @+1 {{nOutputs is 3, which does not divide the 4 channels}}
  %0:3 = mlmodel.split <"l" -> "y0", "y1", "y2"> (%x) {nOutputs = 3 : i64} : (tensor<1x1x4x2x2xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @repeat_huge(%x: tensor<*xf32>) {
  // expected-error @+1 {{nRepetitions is -1 (or 18446744073709551615), which is too large}}
  %0 = mlmodel.sequence_repeat <"l" -> "y0"> (%x) {nRepetitions = -1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reorganize_block(%x: tensor<*xf32>) {
  // expected-error @+1 {{blockSize is 1, must be greater than 1}}
  %0 = mlmodel.reorganize_data <"l" -> "y0"> (%x) {blockSize = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reorganize_indivisible(%x: tensor<1x1x4x2x2xf32>) {
  // expected-error @+1 {{blockSize is 3, which does not divide input 0 of shape 1x1x4x2x2}}
  %0 = mlmodel.reorganize_data <"l" -> "y0"> (%x) {blockSize = 3 : i64} : (tensor<1x1x4x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @padding_kind(%x: tensor<*xf32>) {
  // expected-error @+1 {{one of constant, reflection and replication must be set}}
  %0 = mlmodel.padding <"l" -> "y0"> (%x) : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @padding_reflects(%x: tensor<1x1x4x2x2xf32>) {
  // expected-error @+1 {{paddingAmounts is 2, which reflects more than the size 2 has to offer}}
  %0 = mlmodel.padding <"l" -> "y0"> (%x) {reflection = {}, paddingAmounts = array<i64: 2, 0, 0, 0>} : (tensor<1x1x4x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @constant_pad_count(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{padAmounts has 2 entries, expected 6}}
  %0 = mlmodel.constant_pad <"l" -> "y0"> (%x) {padAmounts = array<i64: 1, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @constant_pad_both(%x: tensor<4xf32>) {
  // expected-error @+1 {{padAmounts gives axis 0 two sizes, 5 and 6}}
  %0 = mlmodel.constant_pad <"l" -> "y0"> (%x) {padToGivenOutputSizeMode = true, padAmounts = array<i64: 5, 6>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @constant_pad_bomb(%x: tensor<4xf32>) {
  // expected-error @+1 {{is larger than the limit}}
  %0 = mlmodel.constant_pad <"l" -> "y0"> (%x) {padAmounts = array<i64: 4611686018427387904, 4611686018427387904>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @tile_bomb(%x: tensor<4xf32>) {
  // expected-error @+1 {{is larger than the limit of 2147483648 elements}}
  %0 = mlmodel.tile <"l" -> "y0"> (%x) {reps = array<i64: 1073741824>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @tile_rank(%x: tensor<4xf32>) {
  // expected-error @+1 {{reps has 2 entries, but input 0 has rank 1}}
  %0 = mlmodel.tile <"l" -> "y0"> (%x) {reps = array<i64: 2, 2>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @tile_zero(%x: tensor<*xf32>) {
  // expected-error @+1 {{reps is 0, must be positive}}
  %0 = mlmodel.tile <"l" -> "y0"> (%x) {reps = array<i64: 0>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @stack_axis(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{axis is 4, but the input has rank 4}}
  %0 = mlmodel.stack <"l" -> "y0"> (%x, %x) {axis = 4 : i64} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reverse_count(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{reverseDim has 1 entries, expected 3}}
  %0 = mlmodel.reverse <"l" -> "y0"> (%x) {reverseDim = array<i1: true>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reverse_seq_same(%x: tensor<2x3xf32>, %n: tensor<2xf32>) {
  // expected-error @+1 {{sequenceAxis is 0, which is the batchAxis as well}}
  %0 = mlmodel.reverse_seq <"l" -> "y0"> (%x, %n) {batchAxis = 0 : i64, sequenceAxis = -2 : i64} : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reverse_seq_lengths(%x: tensor<2x3xf32>, %n: tensor<3xf32>) {
  // expected-error @+1 {{input 1 has 3 lengths, but batchAxis has size 2}}
  %0 = mlmodel.reverse_seq <"l" -> "y0"> (%x, %n) {batchAxis = 0 : i64, sequenceAxis = 1 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @split_nd_outputs(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{numSplits is 3, but the layer has 2 outputs}}
  %0:2 = mlmodel.split_nd <"l" -> "y0", "y1"> (%x) {numSplits = 3 : i64} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @split_nd_sum(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{splitSizes add up to 5, but the axis has size 4}}
  %0:2 = mlmodel.split_nd <"l" -> "y0", "y1"> (%x) {axis = 2 : i64, splitSizes = array<i64: 2, 3>} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @split_nd_empty(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{output would have shape 0x3x4}}
  %0:3 = mlmodel.split_nd <"l" -> "y0", "y1", "y2"> (%x) {axis = 0 : i64, numSplits = 3 : i64} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @transpose_twice(%x: tensor<*xf32>) {
  // expected-error @+1 {{axes is 0, axes must be a permutation of 0 to 1}}
  %0 = mlmodel.transpose <"l" -> "y0"> (%x) {axes = array<i64: 0, 0>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @transpose_huge(%x: tensor<*xf32>) {
  // expected-error @+1 {{axes is -1 (or 18446744073709551615)}}
  %0 = mlmodel.transpose <"l" -> "y0"> (%x) {axes = array<i64: -1>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @transpose_rank(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{axes has 2 entries, expected 3}}
  %0 = mlmodel.transpose <"l" -> "y0"> (%x) {axes = array<i64: 1, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @windows_step(%x: tensor<*xf32>) {
  // expected-error @+1 {{step is 0, must be positive}}
  %0 = mlmodel.sliding_windows <"l" -> "y0"> (%x) {windowSize = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @windows_size(%x: tensor<4xf32>) {
  // expected-error @+1 {{windowSize is 5, but the axis has size 4}}
  %0 = mlmodel.sliding_windows <"l" -> "y0"> (%x) {windowSize = 5 : i64, step = 1 : i64} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @broadcast(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{input 0 of shape 2x3x4 does not broadcast to shape 2x3x5}}
  %0 = mlmodel.broadcast_to_static <"l" -> "y0"> (%x) {targetShape = array<i64: 2, 3, 5>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @broadcast_rank(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{does not broadcast to shape 4}}
  %0 = mlmodel.broadcast_to_static <"l" -> "y0"> (%x) {targetShape = array<i64: 4>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @squeeze_none(%x: tensor<*xf32>) {
  // expected-error @+1 {{axes is empty and squeezeAll is false}}
  %0 = mlmodel.squeeze <"l" -> "y0"> (%x) : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @squeeze_size(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{axes is 1, an axis of size 3}}
  %0 = mlmodel.squeeze <"l" -> "y0"> (%x) {axes = array<i64: 1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @expand_twice(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{axes is -5 (or 18446744073709551611), but that axis is named twice}}
  %0 = mlmodel.expand_dims <"l" -> "y0"> (%x) {axes = array<i64: 0, -5>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @flatten_axis(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{axis is 4, but the input has rank 3}}
  %0 = mlmodel.flatten_to2d <"l" -> "y0"> (%x) {axis = 4 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_like(%x: tensor<2x3xf32>, %z: tensor<7xf32>) {
  // expected-error @+1 {{input 0 of shape 2x3 does not fit shape 7 of input 1}}
  %0 = mlmodel.reshape_like <"l" -> "y0"> (%x, %z) : (tensor<2x3xf32>, tensor<7xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_dynamic_rank(%x: tensor<2x3xf32>, %z: tensor<9xf32>) {
  // expected-error @+1 {{input 1 of shape 9 holds more than 8 sizes}}
  %0 = mlmodel.reshape_dynamic <"l" -> "y0"> (%x, %z) : (tensor<2x3xf32>, tensor<9xf32>) -> tensor<*xf32>
  return
}
