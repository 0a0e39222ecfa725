// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(convert-mil-to-linalg,func.func(mlmodel-drop-unit-loops,mlmodel-pack-operands{lanes=8 registers=16}))' --mlir-elide-resource-strings-if-larger=8 --mlir-elide-elementsattrs-if-larger=64 | FileCheck %s
// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(convert-mil-to-linalg,func.func(mlmodel-drop-unit-loops,mlmodel-pack-operands{lanes=8 registers=16 permutes}))' --mlir-elide-resource-strings-if-larger=8 --mlir-elide-elementsattrs-if-larger=64 | FileCheck %s --check-prefix=BYTES

// Channels in blocks, so that vectors run along them.
// CHECK-DAG: #[[CONV:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 floordiv [[C:[0-9]+]], d2, d3, d4, d0 mod [[C]])>
// Eight values of four bits in a word, which hold neighbouring terms.
// CHECK-DAG: #[[WORDS:.*]] = affine_map<(d0, d1, d2) -> (d0 floordiv [[B:[0-9]+]], d2 floordiv 8, d0 mod [[B]])>

// Where bytes can be permuted, the words of a group.
// BYTES-DAG: #[[GROUPS:.*]] = affine_map<(d0, d1, d2) -> (d0 floordiv [[B:[0-9]+]], d2 floordiv 8, ((d0 mod [[B]]) floordiv 4) * 4 + d2 mod 4)>

// CHECK-LABEL: @conv
// CHECK: arith.constant dense_resource<packed{{.*}}> : tensor<{{[0-9]+}}x4x3x3x[[C]]xf32>
// CHECK: linalg.generic {indexing_maps = [{{#[a-z0-9]*}}, #[[CONV]],
func.func @conv(%x: tensor<1x4x16x16xf32>) -> tensor<1x40x7x7xf32> {
  %w = mil.const dense<0.5> : tensor<40x4x3x3xf32>
  %r = mil.conv %x, %w {strides = array<i64: 2, 2>} : (tensor<1x4x16x16xf32>, tensor<40x4x3x3xf32>) -> tensor<1x40x7x7xf32>
  return %r : tensor<1x40x7x7xf32>
}

// CHECK-LABEL: @palette
// CHECK: arith.constant dense_resource<packed{{.*}}> : tensor<{{[0-9]+}}x1x{{[0-9]+}}xi32>
// CHECK: linalg.generic {indexing_maps = [{{#[a-z0-9]*}}, #[[WORDS]],
// CHECK: arith.shrui
// CHECK: tensor.extract
// CHECK: arith.mulf
// BYTES-LABEL: @palette
// BYTES: linalg.generic {indexing_maps = [{{#[a-z0-9]*}}, #[[GROUPS]],
// BYTES: tensor.extract
func.func @palette(%x: tensor<24x8xf32>) -> tensor<24x16xf32> {
  %w = mil.constexpr_lut_to_dense {data = dense<[0, 37, 74, 111, 148, 185, 222, 3, 40, 77, 114, 151, 188, 225, 6, 43, 80, 117, 154, 191, 228, 9, 46, 83, 120, 157, 194, 231, 12, 49, 86, 123, 160, 197, 234, 15, 52, 89, 126, 163, 200, 237, 18, 55, 92, 129, 166, 203, 240, 21, 58, 95, 132, 169, 206, 243, 24, 61, 98, 135, 172, 209, 246, 27]> : tensor<64xui8>, bits = 4 : i64, lut = dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]> : tensor<16xf32>} : tensor<16x8xf32>
  %r = mil.linear %x, %w : (tensor<24x8xf32>, tensor<16x8xf32>) -> tensor<24x16xf32>
  return %r : tensor<24x16xf32>
}

// Scales in a resource are laid out along the results, like others.
// CHECK-LABEL: @resource_scales
// CHECK: linalg.generic {{.*}} ins({{.*}} : tensor<24x4xf32>, tensor<{{[0-9]+}}x4x[[S:[0-9]+]]xi8>, tensor<{{[0-9]+}}x[[S]]xf32>)
// CHECK: arith.sitofp
// CHECK: arith.mulf
// CHECK: return
func.func @resource_scales(%x: tensor<24x4xf32>) -> tensor<24x16xf32> {
  %w = mil.constexpr_linear_dequantize {data = dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]> : tensor<64xui8>, bits = 8 : i64, scale = dense_resource<scales> : tensor<16xf32>} : tensor<16x4xf32>
  %r = mil.linear %x, %w : (tensor<24x4xf32>, tensor<16x4xf32>) -> tensor<24x16xf32>
  return %r : tensor<24x16xf32>
}

// Without their values they cannot; the weights stay as they are.
// CHECK-LABEL: @unknown_scales
// CHECK: linalg.generic {{.*}} attrs = {mlmodel.decode =
// CHECK-NOT: floordiv
// CHECK: return
func.func @unknown_scales(%x: tensor<24x4xf32>) -> tensor<24x16xf32> {
  %w = mil.constexpr_linear_dequantize {data = dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]> : tensor<64xui8>, bits = 8 : i64, scale = dense_resource<unknown> : tensor<16xf32>} : tensor<16x4xf32>
  %r = mil.linear %x, %w : (tensor<24x4xf32>, tensor<16x4xf32>) -> tensor<24x16xf32>
  return %r : tensor<24x16xf32>
}

{-#
  dialect_resources: {
    builtin: {
      scales: "0x040000000000003F0000C03F0000204000006040000090400000B0400000D0400000F0400000084100001841000028410000384100004841000058410000684100007841"
    }
  }
#-}

// Where vectors run along pixels, the weights of the rows of a tile lie together.
// CHECK-LABEL: @rows
// CHECK: arith.constant dense_resource<packed{{.*}}> : tensor<43x512x6xf32>
// CHECK: linalg.generic {{.*}} ins({{.*}} : tensor<512x24x24xf32>, tensor<43x512x6xf32>)
func.func @rows(%x: tensor<1x512x24x24xf32>) -> tensor<1x256x24x24xf32> {
  %w = mil.const dense<0.5> : tensor<256x512x1x1xf32>
  %r = mil.conv %x, %w : (tensor<1x512x24x24xf32>, tensor<256x512x1x1xf32>) -> tensor<1x256x24x24xf32>
  return %r : tensor<1x256x24x24xf32>
}

// Few pixels: vectors run along channels, and what the tiles broadcast, pixels
// of all rows of the image, is laid out when the network runs.
// CHECK-LABEL: @small_image
// CHECK: %[[PIXELS:.*]] = tensor.collapse_shape {{.*}} : tensor<512x7x7xf32> into tensor<512x49xf32>
// CHECK: linalg.generic {{.*}} outs({{.*}} : tensor<10x512x5xf32>)
// CHECK: linalg.generic {{.*}} ins({{.*}} : tensor<10x512x5xf32>, tensor<128x512x16xf32>)
func.func @small_image(%x: tensor<1x512x7x7xf32>) -> tensor<1x2048x7x7xf32> {
  %w = mil.const dense<0.5> : tensor<2048x512x1x1xf32>
  %r = mil.conv %x, %w : (tensor<1x512x7x7xf32>, tensor<2048x512x1x1xf32>) -> tensor<1x2048x7x7xf32>
  return %r : tensor<1x2048x7x7xf32>
}

// Every other pixel of an image that no cache keeps from tile to tile, and results
// as many: vectors run along pixels, too, which are copied for all channels.
// Along channels, each tile would read and write parts of lines far apart.
// CHECK-LABEL: @every_other_pixel
// CHECK: linalg.generic {{.*}} ins({{.*}} : tensor<64x129x129xf32>, tensor<22x64x3x3x6xf32>)
func.func @every_other_pixel(%x: tensor<1x64x129x129xf32>) -> tensor<1x128x64x64xf32> {
  %w = mil.const dense<0.5> : tensor<128x64x3x3xf32>
  %r = mil.conv %x, %w {strides = array<i64: 2, 2>} : (tensor<1x64x129x129xf32>, tensor<128x64x3x3xf32>) -> tensor<1x128x64x64xf32>
  return %r : tensor<1x128x64x64xf32>
}
