// RUN: mlmodel-opt %s --split-input-file --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "m", "q", "n"], outputNames = ["y"]} {
  ^bb0(%x: tensor<4x2x6x4x5xf32>, %m: tensor<2x3x4xf32>, %q: tensor<2x5x4xf32>, %n: tensor<3xf32>):
    // CHECK: mlmodel.reshape <"l0"{{.*}} -> tensor<4x2x3x8x5xf32>
    %r0 = mlmodel.reshape <"l0" -> "r0"> (%x) {targetShape = array<i64: 3, 8, 5>, mode = "CHANNEL_LAST"} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reshape <"l1"{{.*}} -> tensor<2x2x12x4x5xf32>
    %r1 = mlmodel.reshape <"l1" -> "r1"> (%x) {targetShape = array<i64: 2, 12, 4, -1>} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.flatten <"l2"{{.*}} -> tensor<24x1x1xf32>
    %r2 = mlmodel.flatten <"l2" -> "r2"> (%m) {mode = "CHANNEL_LAST"} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.permute <"l3"{{.*}} -> tensor<5x2x6x4x4xf32>
    %r3 = mlmodel.permute <"l3" -> "r3"> (%x) {axis = array<i64: 3, 1, 2, 0>} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.permute <"l4"{{.*}} -> tensor<4x2x3xf32>
    %r4 = mlmodel.permute <"l4" -> "r4"> (%m) {axis = array<i64: 0, 3, 1, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.concat <"l5"{{.*}} -> tensor<4x2x12x4x5xf32>
    %r5 = mlmodel.concat <"l5" -> "r5"> (%x, %x) : (tensor<4x2x6x4x5xf32>, tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.concat <"l6"{{.*}} -> tensor<8x2x6x4x5xf32>
    %r6 = mlmodel.concat <"l6" -> "r6"> (%x, %x) {sequenceConcat = true} : (tensor<4x2x6x4x5xf32>, tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.split <"l7"{{.*}} -> (tensor<4x2x3x4x5xf32>, tensor<4x2x3x4x5xf32>)
    %r7:2 = mlmodel.split <"l7" -> "r7_0", "r7_1"> (%x) {nOutputs = 2 : i64} : (tensor<4x2x6x4x5xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.sequence_repeat <"l8"{{.*}} -> tensor<12x2x6x4x5xf32>
    %r8 = mlmodel.sequence_repeat <"l8" -> "r8"> (%x) {nRepetitions = 3 : i64} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.copy <"l9"{{.*}} -> tensor<2x3x4xf32>
    %r9 = mlmodel.copy <"l9" -> "r9"> (%m) : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.padding <"l10"{{.*}} -> tensor<2x6x7xf32>
    %r10 = mlmodel.padding <"l10" -> "r10"> (%m) {reflection = {}, paddingAmounts = array<i64: 2, 1, 3, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.padding <"l11"{{.*}} -> tensor<4x2x6x4x5xf32>
    %r11 = mlmodel.padding <"l11" -> "r11"> (%x) {constant = {value = 1.0 : f32}} : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.constant_pad <"l12"{{.*}} -> tensor<3x7x4xf32>
    %r12 = mlmodel.constant_pad <"l12" -> "r12"> (%m) {padAmounts = array<i64: 0, 1, 4, 0, 0, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.constant_pad <"l13"{{.*}} -> tensor<5x7x4xf32>
    %r13 = mlmodel.constant_pad <"l13" -> "r13"> (%m) {padToGivenOutputSizeMode = true, padAmounts = array<i64: 0, 5, 7, 0, 0, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.tile <"l14"{{.*}} -> tensor<2x3x24xf32>
    %r14 = mlmodel.tile <"l14" -> "r14"> (%m) {reps = array<i64: 6>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.stack <"l15"{{.*}} -> tensor<2x3x3x4xf32>
    %r15 = mlmodel.stack <"l15" -> "r15"> (%m, %m, %m) {axis = -2 : i64} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reverse <"l16"{{.*}} -> tensor<2x3x4xf32>
    %r16 = mlmodel.reverse <"l16" -> "r16"> (%m) {reverseDim = array<i1: true, false, true>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reverse_seq <"l17"{{.*}} -> tensor<2x3x4xf32>
    %r17 = mlmodel.reverse_seq <"l17" -> "r17"> (%m, %n) {batchAxis = 1 : i64, sequenceAxis = 0 : i64} : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.split_nd <"l18"{{.*}} -> (tensor<2x3x1xf32>, tensor<2x3x3xf32>)
    %r18:2 = mlmodel.split_nd <"l18" -> "r18_0", "r18_1"> (%m) {axis = 2 : i64, splitSizes = array<i64: 1, 3>} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.split_nd <"l19"{{.*}} -> (tensor<2x2x4xf32>, tensor<2x1x4xf32>)
    %r19:2 = mlmodel.split_nd <"l19" -> "r19_0", "r19_1"> (%m) {axis = 1 : i64, numSplits = 2 : i64} : (tensor<2x3x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.concat_nd <"l20"{{.*}} -> tensor<2x8x4xf32>
    %r20 = mlmodel.concat_nd <"l20" -> "r20"> (%m, %q) {axis = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x5x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.concat_nd <"l21"{{.*}} -> tensor<2x3x8xf32>
    %r21 = mlmodel.concat_nd <"l21" -> "r21"> (%m, %m) {axis = -1 : i64, interleave = true} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.transpose <"l22"{{.*}} -> tensor<4x2x3xf32>
    %r22 = mlmodel.transpose <"l22" -> "r22"> (%m) {axes = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.sliding_windows <"l23"{{.*}} -> tensor<2x3x3x2xf32>
    %r23 = mlmodel.sliding_windows <"l23" -> "r23"> (%m) {axis = 2 : i64, windowSize = 2 : i64, step = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.get_shape <"l24"{{.*}} -> tensor<5xf32>
    %r24 = mlmodel.get_shape <"l24" -> "r24"> (%x) : (tensor<4x2x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.broadcast_to_static <"l25"{{.*}} -> tensor<5x2x3x4xf32>
    %r25 = mlmodel.broadcast_to_static <"l25" -> "r25"> (%m) {targetShape = array<i64: 5, 2, 3, 4>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.broadcast_to_like <"l26"{{.*}} -> tensor<5x2x3x4xf32>
    %r26 = mlmodel.broadcast_to_like <"l26" -> "r26"> (%m, %r25) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.load_constant_nd <"l27"{{.*}} -> tensor<4xf32>
    %r27 = mlmodel.load_constant_nd <"l27" -> "r27"> () {shape = array<i64: 4>, data = #mlmodel.weights<dense<[5.0, 2.0, 3.0, 4.0]> : tensor<4xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.broadcast_to_dynamic <"l28"{{.*}} -> tensor<5x2x3x4xf32>
    %r28 = mlmodel.broadcast_to_dynamic <"l28" -> "r28"> (%m, %r27) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.broadcast_to_dynamic <"l29"{{.*}} -> tensor<2x3x4xf32>
    %r29 = mlmodel.broadcast_to_dynamic <"l29" -> "r29"> (%m, %n) : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.expand_dims <"l30"{{.*}} -> tensor<1x2x1x3x4xf32>
    %r30 = mlmodel.expand_dims <"l30" -> "r30"> (%m) {axes = array<i64: 0, 2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.squeeze <"l31"{{.*}} -> tensor<1x2x3x4xf32>
    %r31 = mlmodel.squeeze <"l31" -> "r31"> (%r30) {axes = array<i64: -3>} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.squeeze <"l32"{{.*}} -> tensor<2x3x4xf32>
    %r32 = mlmodel.squeeze <"l32" -> "r32"> (%r30) {squeezeAll = true} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.flatten_to2d <"l33"{{.*}} -> tensor<6x4xf32>
    %r33 = mlmodel.flatten_to2d <"l33" -> "r33"> (%m) {axis = -1 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.flatten_to2d <"l34"{{.*}} -> tensor<24x1xf32>
    %r34 = mlmodel.flatten_to2d <"l34" -> "r34"> (%m) {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reshape_like <"l35"{{.*}} -> tensor<6x4xf32>
    %r35 = mlmodel.reshape_like <"l35" -> "r35"> (%m, %r33) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reshape_static <"l36"{{.*}} -> tensor<4x6xf32>
    %r36 = mlmodel.reshape_static <"l36" -> "r36"> (%m) {targetShape = array<i64: 4, -1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.load_constant_nd <"l37"{{.*}} -> tensor<2xf32>
    %r37 = mlmodel.load_constant_nd <"l37" -> "r37"> () {shape = array<i64: 2>, data = #mlmodel.weights<dense<[0.0, -1.0]> : tensor<2xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.reshape_dynamic <"l38"{{.*}} -> tensor<2x12xf32>
    %r38 = mlmodel.reshape_dynamic <"l38" -> "r38"> (%m, %r37) : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reshape_dynamic <"l39"{{.*}} -> tensor<?x?x?xf32>
    %r39 = mlmodel.reshape_dynamic <"l39" -> "r39"> (%m, %n) : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.rank_preserving_reshape <"l40"{{.*}} -> tensor<4x3x2xf32>
    %r40 = mlmodel.rank_preserving_reshape <"l40" -> "r40"> (%m) {targetShape = array<i64: 4, 0, -1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.tile <"l41"{{.*}} -> tensor<?x?x?xf32>
    %r41 = mlmodel.tile <"l41" -> "r41"> (%m, %n) : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<*xf32>
    mlmodel.output %r41 : tensor<*xf32>
  }
}

// -----

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "d"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x8x2x4xf32>, %d: tensor<?x3x?xf32>):
    // CHECK: mlmodel.reorganize_data <"l0"{{.*}} -> tensor<1x32x1x2xf32>
    %r0 = mlmodel.reorganize_data <"l0" -> "r0"> (%x) {blockSize = 2 : i64} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reorganize_data <"l1"{{.*}} -> tensor<1x2x4x8xf32>
    %r1 = mlmodel.reorganize_data <"l1" -> "r1"> (%x) {mode = "DEPTH_TO_SPACE", blockSize = 2 : i64} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reorganize_data <"l2"{{.*}} -> tensor<1x2x4x8xf32>
    %r2 = mlmodel.reorganize_data <"l2" -> "r2"> (%x) {mode = "PIXEL_SHUFFLE", blockSize = 2 : i64} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.transpose <"l3"{{.*}} -> tensor<3x?x?xf32>
    %r3 = mlmodel.transpose <"l3" -> "r3"> (%d) {axes = array<i64: 1, 0, 2>} : (tensor<?x3x?xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.transpose <"l4"{{.*}} -> tensor<2x4x8xf32>
    %r4 = mlmodel.transpose <"l4" -> "r4"> (%x) {axes = array<i64: 1, 2, 0>} : (tensor<1x8x2x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reshape_static <"l5"{{.*}} -> tensor<?x3xf32>
    %r5 = mlmodel.reshape_static <"l5" -> "r5"> (%d) {targetShape = array<i64: -1, 3>} : (tensor<?x3x?xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.split_nd <"l6"{{.*}} -> (tensor<?x3x?xf32>, tensor<?x3x?xf32>)
    %r6:2 = mlmodel.split_nd <"l6" -> "r6_0", "r6_1"> (%d) {axis = 0 : i64, numSplits = 2 : i64} : (tensor<?x3x?xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.concat_nd <"l7"{{.*}} -> tensor<?x6x?xf32>
    %r7 = mlmodel.concat_nd <"l7" -> "r7"> (%d, %d) {axis = 1 : i64} : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<*xf32>
    mlmodel.output %r7 : tensor<*xf32>
  }
}
