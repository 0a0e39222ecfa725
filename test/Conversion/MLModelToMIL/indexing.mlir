// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "m", "i", "s", "g", "a", "u", "p"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x6x4x5xf32>, %m: tensor<5x5x5xf32>, %i: tensor<6x8xf32>, %s: tensor<1xf32>, %g: tensor<5x2xf32>, %a: tensor<5x7x5xf32>, %u: tensor<5x6x8x5xf32>, %p: tensor<5x5xf32>):
    // CHECK: mil.slice_by_index {{.*}}{begin = array<i64: 0, 1, 0, 0>, begin_mask = array<i1: false, false, false, false>, end = array<i64: 1, -1, 4, 5>, end_mask = array<i1: false, false, false, false>, squeeze_mask = array<i1: false, false, false, false>, stride = array<i64: 1, 2, 1, 1>}
    %r0 = mlmodel.slice <"l0" -> "r0"> (%x) {startIndex = 1 : i64, endIndex = -1 : i64, stride = 2 : i64} : (tensor<1x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.slice_by_index {{.*}}{begin = array<i64: 0, 0, 0, -3>, begin_mask = array<i1: false, false, false, false>, end = array<i64: 1, 6, 4, 100>, end_mask = array<i1: false, false, false, false>, squeeze_mask = array<i1: false, false, false, false>, stride = array<i64: 1, 1, 1, 1>}
    %r1 = mlmodel.slice <"l1" -> "r1"> (%x) {startIndex = -3 : i64, endIndex = 100 : i64, stride = 1 : i64, axis = "WIDTH_AXIS"} : (tensor<1x6x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.slice_by_index {{.*}}{begin = array<i64: 1, 2, 3>, begin_mask = array<i1: true, false, true>, end = array<i64: 3, -3, 2>, end_mask = array<i1: false, true, true>, squeeze_mask = array<i1: false, false, false>, stride = array<i64: 2, 2, 2>}
    %r2 = mlmodel.slice_static <"l2" -> "r2"> (%m) {beginIds = array<i64: 1, 2, 3>, beginMasks = array<i1: true, false, true>, endIds = array<i64: 3, -3, 2>, endMasks = array<i1: false, true, true>, strides = array<i64: 2, 2, 2>, squeezeMasks = array<i1: false, false, false>} : (tensor<5x5x5xf32>) -> tensor<*xf32>
    // CHECK: mil.slice_by_index {{.*}}{begin = array<i64: 1, 2, 3>, begin_mask = array<i1: true, false, true>, end = array<i64: 3, -3, 2>, end_mask = array<i1: false, true, true>, squeeze_mask = array<i1: false, true, false>, stride = array<i64: 2, 2, 2>}
    %r3 = mlmodel.slice_static <"l3" -> "r3"> (%m) {beginIds = array<i64: 1, 2, 3>, beginMasks = array<i1: true, false, true>, endIds = array<i64: 3, -3, 2>, endMasks = array<i1: false, true, true>, strides = array<i64: 2, 2, 2>, squeezeMasks = array<i1: false, true, false>} : (tensor<5x5x5xf32>) -> tensor<*xf32>
    // CHECK: mil.slice_by_index {{.*}}{begin = array<i64: -1, 0, 0>, begin_mask = array<i1: false, false, false>, end = array<i64: 0, 1, 1>, end_mask = array<i1: true, false, false>, squeeze_mask = array<i1: false, false, true>, stride = array<i64: -2, 1, 1>}
    %r4 = mlmodel.slice_static <"l4" -> "r4"> (%m) {beginIds = array<i64: -1, 0, 0>, beginMasks = array<i1: false, false, false>, endIds = array<i64: 0, 1, 1>, endMasks = array<i1: true, false, false>, strides = array<i64: -2, 1, 1>, squeezeMasks = array<i1: false, false, true>} : (tensor<5x5x5xf32>) -> tensor<*xf32>
    // CHECK: mil.const dense<[1.000000e+00, 0.000000e+00, 0.000000e+00]> : tensor<3xf32>
    %r5 = mlmodel.load_constant_nd <"l5" -> "r5"> () {shape = array<i64: 3>, data = #mlmodel.weights<dense<[1.0, 0.0, 0.0]> : tensor<3xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.slice_by_index {{.*}}{begin = array<i64: 1, 0, 0>, begin_mask = array<i1: false, false, false>, end = array<i64: 4, 0, 0>, end_mask = array<i1: false, true, true>, squeeze_mask = array<i1: false, false, false>, stride = array<i64: 1, 2, 5>}
    %r6 = mlmodel.slice_dynamic <"l6" -> "r6"> (%m, %r5) {beginMasks = array<i1: false, false, false>, endIds = array<i64: 4, 0, 0>, endMasks = array<i1: false, true, true>, strides = array<i64: 1, 2, 5>, squeezeMasks = array<i1: false, false, false>} : (tensor<5x5x5xf32>, tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.pad {{.*}}{pad = array<i64: 1, 1>}
    // CHECK: mil.slice_by_size {{.*}}{size = array<i64: 5, 2, 5>}
    %r7 = mlmodel.slice_by_size <"l7" -> "r7"> (%m, %s) {size = 2 : i64, axis = 1 : i64} : (tensor<5x5x5xf32>, tensor<1xf32>) -> tensor<*xf32>
    // CHECK: mil.gather {{.*}}{axis = 1 : i64}
    %r8 = mlmodel.gather <"l8" -> "r8"> (%m, %i) {axis = 1 : i64} : (tensor<5x5x5xf32>, tensor<6x8xf32>) -> tensor<*xf32>
    // CHECK: mil.scatter {{.*}}{axis = 1 : i64, mode = "add"}
    %r9 = mlmodel.scatter <"l9" -> "r9"> (%m, %i, %u) {axis = 1 : i64, mode = "SCATTER_ADD"} : (tensor<5x5x5xf32>, tensor<6x8xf32>, tensor<5x6x8x5xf32>) -> tensor<*xf32>
    // CHECK: mil.gather_nd {{.*}}: (tensor<5x5x5xf32>, tensor<5x2xf32>) -> tensor<5x5xf32>
    %r10 = mlmodel.gather_nd <"l10" -> "r10"> (%m, %g) : (tensor<5x5x5xf32>, tensor<5x2xf32>) -> tensor<*xf32>
    // CHECK: mil.scatter_nd {{.*}}{mode = "max"}
    %r11 = mlmodel.scatter_nd <"l11" -> "r11"> (%m, %g, %p) {mode = "SCATTER_MAX"} : (tensor<5x5x5xf32>, tensor<5x2xf32>, tensor<5x5xf32>) -> tensor<*xf32>
    // CHECK: mil.gather_along_axis {{.*}}{axis = 1 : i64}
    %r12 = mlmodel.gather_along_axis <"l12" -> "r12"> (%m, %a) {axis = 1 : i64} : (tensor<5x5x5xf32>, tensor<5x7x5xf32>) -> tensor<*xf32>
    // CHECK: mil.scatter_along_axis {{.*}}{axis = 1 : i64}
    %r13 = mlmodel.scatter_along_axis <"l13" -> "r13"> (%m, %a, %a) {axis = -2 : i64} : (tensor<5x5x5xf32>, tensor<5x7x5xf32>, tensor<5x7x5xf32>) -> tensor<*xf32>
    // CHECK: mil.select {{.*}}: (tensor<1xf32>, tensor<5x5xf32>, tensor<5x5x5xf32>) -> tensor<5x5x5xf32>
    %r14 = mlmodel.where_broadcastable <"l14" -> "r14"> (%s, %p, %m) : (tensor<1xf32>, tensor<5x5xf32>, tensor<5x5x5xf32>) -> tensor<*xf32>
    // CHECK: mil.one_hot {{.*}}{axis = 1 : i64, one_hot_vector_size = 32 : i64}
    %r15 = mlmodel.one_hot <"l15" -> "r15"> (%i) {oneHotVectorSize = 32 : i64, axis = 1 : i64, onValue = 1.0 : f32} : (tensor<6x8xf32>) -> tensor<*xf32>
    mlmodel.output %r15 : tensor<*xf32>
  }
}
