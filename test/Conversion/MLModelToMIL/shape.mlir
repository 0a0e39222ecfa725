// RUN: mlmodel-opt %s --split-input-file --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "m", "q", "n"], outputNames = ["y"]} {
  ^bb0(%x: tensor<4x2x6x4x5xf32>, %m: tensor<2x3x4xf32>, %q: tensor<2x5x4xf32>, %n: tensor<3xf32>):
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 0, 1, 3, 4, 2>}
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 4, 2, 8, 5, 3>}
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 0, 1, 4, 2, 3>}
    %r0 = mlmodel.reshape <"l0" -> "r0"> (%x) {targetShape = array<i64: 3, 8, 5>, mode = "CHANNEL_LAST"} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 1, 0, 2, 3, 4>}
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 2, 2, 12, 4, 5>}
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 1, 0, 2, 3, 4>}
    %r1 = mlmodel.reshape <"l1" -> "r1"> (%x) {targetShape = array<i64: 2, 12, 4, -1>} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 1, 2, 0>}
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 24, 1, 1>}
    %r2 = mlmodel.flatten <"l2" -> "r2"> (%m) {mode = "CHANNEL_LAST"} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 4, 1, 2, 3, 0>}
    %r3 = mlmodel.permute <"l3" -> "r3"> (%x) {axis = array<i64: 3, 1, 2, 0>} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 2, 0, 1>}
    %r4 = mlmodel.permute <"l4" -> "r4"> (%m) {axis = array<i64: 0, 3, 1, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.concat {{.*}}{axis = 2 : i64}
    %r5 = mlmodel.concat <"l5" -> "r5"> (%x, %x) : (tensor<4x2x6x4x5xf32>, tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.concat {{.*}}{axis = 0 : i64}
    %r6 = mlmodel.concat <"l6" -> "r6"> (%x, %x) {sequenceConcat = true} : (tensor<4x2x6x4x5xf32>, tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.split {{.*}}{axis = 2 : i64, split_sizes = array<i64: 3, 3>}
    %r7:2 = mlmodel.split <"l7" -> "r7_0", "r7_1"> (%x) {nOutputs = 2 : i64} : (tensor<4x2x6x4x5xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mil.tile {{.*}}{reps = array<i64: 3, 1, 1, 1, 1>}
    %r8 = mlmodel.sequence_repeat <"l8" -> "r8"> (%x) {nRepetitions = 3 : i64} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    %r9 = mlmodel.copy <"l9" -> "r9"> (%m) : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.pad {{.*}}{mode = "reflect", pad = array<i64: 2, 1, 3, 0>}
    %r10 = mlmodel.padding <"l10" -> "r10"> (%m) {reflection = {}, paddingAmounts = array<i64: 2, 1, 3, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.pad {{.*}}{constant_val = 1.000000e+00 : f32, pad = array<i64: 0, 0, 0, 0>}
    %r11 = mlmodel.padding <"l11" -> "r11"> (%x) {constant = {value = 1.0 : f32}} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.pad {{.*}}{pad = array<i64: 0, 1, 4, 0, 0, 0>}
    %r12 = mlmodel.constant_pad <"l12" -> "r12"> (%m) {padAmounts = array<i64: 0, 1, 4, 0, 0, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.pad {{.*}}{pad = array<i64: 0, 3, 4, 0, 0, 0>}
    %r13 = mlmodel.constant_pad <"l13" -> "r13"> (%m) {padToGivenOutputSizeMode = true, padAmounts = array<i64: 0, 5, 7, 0, 0, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.tile {{.*}}{reps = array<i64: 1, 1, 6>}
    %r14 = mlmodel.tile <"l14" -> "r14"> (%m) {reps = array<i64: 6>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.stack {{.*}}{axis = 2 : i64}
    %r15 = mlmodel.stack <"l15" -> "r15"> (%m, %m, %m) {axis = -2 : i64} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.reverse {{.*}}{axes = array<i64: 0, 2>}
    %r16 = mlmodel.reverse <"l16" -> "r16"> (%m) {reverseDim = array<i1: true, false, true>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.reverse_sequence {{.*}}{batch_axis = 1 : i64, seq_axis = 0 : i64}
    %r17 = mlmodel.reverse_seq <"l17" -> "r17"> (%m, %n) {batchAxis = 1 : i64, sequenceAxis = 0 : i64} : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mil.split {{.*}}{axis = 2 : i64, split_sizes = array<i64: 1, 3>}
    %r18:2 = mlmodel.split_nd <"l18" -> "r18_0", "r18_1"> (%m) {axis = 2 : i64, splitSizes = array<i64: 1, 3>} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mil.split {{.*}}{axis = 1 : i64, split_sizes = array<i64: 2, 1>}
    %r19:2 = mlmodel.split_nd <"l19" -> "r19_0", "r19_1"> (%m) {axis = 1 : i64, numSplits = 2 : i64} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mil.concat {{.*}}{axis = 1 : i64}
    %r20 = mlmodel.concat_nd <"l20" -> "r20"> (%m, %q) {axis = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x5x4xf32>) -> tensor<*xf32>
    // CHECK: mil.concat {{.*}}{axis = 2 : i64, interleave = true}
    %r21 = mlmodel.concat_nd <"l21" -> "r21"> (%m, %m) {axis = -1 : i64, interleave = true} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 2, 0, 1>}
    %r22 = mlmodel.transpose <"l22" -> "r22"> (%m) {axes = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.sliding_windows {{.*}}{axis = 2 : i64, size = 2 : i64}
    %r23 = mlmodel.sliding_windows <"l23" -> "r23"> (%m) {axis = 2 : i64, windowSize = 2 : i64, step = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.const dense<[4.000000e+00, 2.000000e+00, 6.000000e+00, 4.000000e+00, 5.000000e+00]> : tensor<5xf32>
    %r24 = mlmodel.get_shape <"l24" -> "r24"> (%x) : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.broadcast_to {{.*}}{shape = array<i64: 5, 2, 3, 4>}
    %r25 = mlmodel.broadcast_to_static <"l25" -> "r25"> (%m) {targetShape = array<i64: 5, 2, 3, 4>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.broadcast_to {{.*}}{shape = array<i64: 5, 2, 3, 4>}
    %r26 = mlmodel.broadcast_to_like <"l26" -> "r26"> (%m, %r25) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.const dense<[5.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : tensor<4xf32>
    %r27 = mlmodel.load_constant_nd <"l27" -> "r27"> () {shape = array<i64: 4>, data = #mlmodel.weights<dense<[5.0, 2.0, 3.0, 4.0]> : tensor<4xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.broadcast_to {{.*}}{shape = array<i64: 5, 2, 3, 4>}
    %r28 = mlmodel.broadcast_to_dynamic <"l28" -> "r28"> (%m, %r27) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.broadcast_to {{.*}}{shape = array<i64: 2, 3, 4>}
    %r29 = mlmodel.broadcast_to_dynamic <"l29" -> "r29"> (%m, %n) : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 1, 2, 1, 3, 4>}
    %r30 = mlmodel.expand_dims <"l30" -> "r30"> (%m) {axes = array<i64: 0, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 1, 2, 3, 4>}
    %r31 = mlmodel.squeeze <"l31" -> "r31"> (%r30) {axes = array<i64: -3>} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 2, 3, 4>}
    %r32 = mlmodel.squeeze <"l32" -> "r32"> (%r30) {squeezeAll = true} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 6, 4>}
    %r33 = mlmodel.flatten_to2d <"l33" -> "r33"> (%m) {axis = -1 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 24, 1>}
    %r34 = mlmodel.flatten_to2d <"l34" -> "r34"> (%m) {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 6, 4>}
    %r35 = mlmodel.reshape_like <"l35" -> "r35"> (%m, %r33) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 4, 6>}
    %r36 = mlmodel.reshape_static <"l36" -> "r36"> (%m) {targetShape = array<i64: 4, -1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.const dense<[0.000000e+00, -1.000000e+00]> : tensor<2xf32>
    %r37 = mlmodel.load_constant_nd <"l37" -> "r37"> () {shape = array<i64: 2>, data = #mlmodel.weights<dense<[0.0, -1.0]> : tensor<2xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 2, 12>}
    %r38 = mlmodel.reshape_dynamic <"l38" -> "r38"> (%m, %r37) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 4, 3, 2>}
    %r39 = mlmodel.rank_preserving_reshape <"l39" -> "r39"> (%m) {targetShape = array<i64: 4, 0, -1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    mlmodel.output %r39 : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x8x2x4xf32>):
    // CHECK: mil.space_to_depth {{.*}}{block_size = 2 : i64}
    %r0 = mlmodel.reorganize_data <"l0" -> "r0"> (%x) {blockSize = 2 : i64} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mil.depth_to_space {{.*}}{block_size = 2 : i64}
    %r1 = mlmodel.reorganize_data <"l1" -> "r1"> (%x) {mode = "DEPTH_TO_SPACE", blockSize = 2 : i64} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mil.pixel_shuffle {{.*}}{upscale_factor = 2 : i64}
    %r2 = mlmodel.reorganize_data <"l2" -> "r2"> (%x) {mode = "PIXEL_SHUFFLE", blockSize = 2 : i64} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 8, 2, 4>}
    // CHECK: mil.transpose {{.*}}{perm = array<i64: 1, 2, 0>}
    %r3 = mlmodel.transpose <"l3" -> "r3"> (%x) {axes = array<i64: 1, 2, 0>} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    mlmodel.output %r3 : tensor<*xf32>
  }
}
