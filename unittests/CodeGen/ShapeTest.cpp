//===- ShapeTest.cpp - Operations that move elements ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunModule.h"

using namespace mlmodel::test;

namespace {

/// An array of `shape` whose element at an index is that of `x` at
/// `source(index)`, or `fill` where that is outside.
Array remap(const Array &x, Shape shape,
            std::function<Shape(const Shape &)> source, float fill = 0) {
  Array y(std::move(shape));
  forEach(y.shape, [&](const Shape &i) {
    Shape from = source(i);
    y.at(i) = x.contains(from) ? x.at(from) : fill;
  });
  return y;
}

Array reshaped(const Array &x, Shape shape) {
  Array y = x;
  y.shape = std::move(shape);
  return y;
}

TEST(ShapeTest, Reshape) {
  Random random(1);
  Array x = random.uniform({2, 3, 4, 5});
  for (const Shape &shape : std::vector<Shape>{{6, 20},
                                               {120},
                                               {2, 3, 20},
                                               {4, 30},
                                               {5, 4, 3, 2},
                                               {1, 8, 15, 1},
                                               {2, 3, 2, 2, 5}})
    expectOp("reshape", "shape = " + formatList(shape), {x},
             reshaped(x, shape));
  expectOp("reshape", "shape = array<i64: 0, -1, 5>", {x},
           reshaped(x, {2, 12, 5}));
}

TEST(ShapeTest, UnitDimensions) {
  Random random(2);
  Array x = random.uniform({1, 3, 1, 4, 1});
  expectOp("squeeze", "", {x}, reshaped(x, {3, 4}));
  expectOp("squeeze", "axes = array<i64: 0, -1>", {x}, reshaped(x, {3, 1, 4}));
  Array y = random.uniform({2, 3});
  expectOp("expand_dims", "axes = array<i64: 0, 3>", {y},
           reshaped(y, {1, 2, 3, 1}));
  expectOp("flatten2d", "axis = 2", {x}, reshaped(x, {3, 4}));
  expectOp("flatten2d", "axis = -1", {x}, reshaped(x, {12, 1}));
  expectOp("flatten2d", "axis = 0", {x}, reshaped(x, {1, 12}));
  expectOp("flatten2d", "axis = 5", {x}, reshaped(x, {12, 1}));
}

TEST(ShapeTest, Transpose) {
  Random random(3);
  Array x = random.uniform({2, 3, 4, 5});
  for (const Shape &perm : std::vector<Shape>{
           {0, 2, 3, 1}, {3, 2, 1, 0}, {1, 0, 2, 3}, {0, 1, 3, 2}}) {
    Shape shape;
    for (int64_t axis : perm)
      shape.push_back(x.shape[axis]);
    expectOp("transpose", "perm = " + formatList(perm), {x},
             remap(x, shape, [&](const Shape &i) {
               Shape from(4);
               for (size_t d = 0; d < 4; ++d)
                 from[perm[d]] = i[d];
               return from;
             }));
  }
}

TEST(ShapeTest, Reverse) {
  Random random(4);
  Array x = random.uniform({3, 1, 5});
  expectOp("reverse", "axes = array<i64: 0, -1>", {x},
           remap(x, x.shape, [](const Shape &i) {
             return Shape{2 - i[0], i[1], 4 - i[2]};
           }));
  expectOp("reverse", "", {x}, remap(x, x.shape, [](const Shape &i) {
             return Shape{2 - i[0], 0, 4 - i[2]};
           }));
}

TEST(ShapeTest, ReverseSequence) {
  Random random(5);
  Array x = random.uniform({3, 4, 2}), lengths({3});
  lengths.data = {3, 0, 9};
  expectOp("reverse_sequence", "seq_axis = 1, batch_axis = 0", {x, lengths},
           remap(x, x.shape, [&](const Shape &i) {
             int64_t length = std::min<int64_t>(int64_t(lengths.data[i[0]]), 4);
             return Shape{i[0], i[1] < length ? length - 1 - i[1] : i[1], i[2]};
           }));
}

TEST(ShapeTest, DepthAndSpace) {
  Random random(6);
  Array deep = random.uniform({2, 8, 3, 5}),
        wide = random.uniform({2, 2, 6, 10});
  expectOp("depth_to_space", "block_size = 2", {deep},
           remap(deep, wide.shape, [](const Shape &i) {
             int64_t block = i[2] % 2 * 2 + i[3] % 2;
             return Shape{i[0], block * 2 + i[1], i[2] / 2, i[3] / 2};
           }));
  expectOp("space_to_depth", "block_size = 2", {wide},
           remap(wide, deep.shape, [](const Shape &i) {
             int64_t block = i[1] / 2;
             return Shape{i[0], i[1] % 2, i[2] * 2 + block / 2,
                          i[3] * 2 + block % 2};
           }));
  expectOp("pixel_shuffle", "upscale_factor = 2", {deep},
           remap(deep, wide.shape, [](const Shape &i) {
             return Shape{i[0], (i[1] * 2 + i[2] % 2) * 2 + i[3] % 2, i[2] / 2,
                          i[3] / 2};
           }));
  expectOp("pixel_unshuffle", "downscale_factor = 2", {wide},
           remap(wide, deep.shape, [](const Shape &i) {
             return Shape{i[0], i[1] / 4, i[2] * 2 + i[1] / 2 % 2,
                          i[3] * 2 + i[1] % 2};
           }));
}

/// Elements of `pieces` side by side along `axis`.
Array concatenated(const std::vector<Array> &pieces, size_t axis) {
  Shape shape = pieces[0].shape;
  shape[axis] = 0;
  for (const Array &piece : pieces)
    shape[axis] += piece.shape[axis];
  Array y(shape);
  int64_t offset = 0;
  for (const Array &piece : pieces) {
    forEach(piece.shape, [&](const Shape &i) {
      Shape to = i;
      to[axis] += offset;
      y.at(to) = piece.at(i);
    });
    offset += piece.shape[axis];
  }
  return y;
}

TEST(ShapeTest, Concat) {
  Random random(7);
  for (size_t axis : {0, 1, 2}) {
    std::vector<Array> pieces;
    for (int64_t size : {2, 1, 4}) {
      Shape shape{2, 3, 5};
      shape[axis] = size;
      pieces.push_back(random.uniform(shape));
    }
    expectOp("concat", "axis = " + std::to_string(int(axis) - 3), pieces,
             concatenated(pieces, axis));
  }
  Array a = random.uniform({2, 3, 2}), b = random.uniform({2, 3, 2});
  Array mixed({2, 6, 2});
  forEach(mixed.shape, [&](const Shape &i) {
    mixed.at(i) = (i[1] % 2 ? b : a).at({i[0], i[1] / 2, i[2]});
  });
  expectOp("concat", "axis = 1, interleave = true", {a, b}, mixed);
}

TEST(ShapeTest, Split) {
  Random random(8);
  Array x = random.uniform({2, 7, 3});
  auto pieces = runOp("split", "split_sizes = array<i64: 4, 1, 2>, axis = 1",
                      {x}, {{2, 4, 3}, {2, 1, 3}, {2, 2, 3}});
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(concatenated(pieces, 1).data, x.data);
}

TEST(ShapeTest, Stack) {
  Random random(9);
  std::vector<Array> pieces;
  for (int i = 0; i < 3; ++i)
    pieces.push_back(random.uniform({2, 4}));
  for (int64_t axis : {0, 1, 2}) {
    Shape shape{2, 4};
    shape.insert(shape.begin() + axis, 3);
    Array y(shape);
    forEach(shape, [&](const Shape &i) {
      Shape from = i;
      from.erase(from.begin() + axis);
      y.at(i) = pieces[i[axis]].at(from);
    });
    expectOp("stack", "axis = " + std::to_string(axis), pieces, y);
  }
}

TEST(ShapeTest, Pad) {
  Random random(10);
  Array x = random.uniform({2, 4, 5});
  auto place = [&](const Shape &i) { return Shape{i[0], i[1] - 1, i[2] - 3}; };
  Shape shape{2, 4 + 1 + 2, 5 + 3 + 4};
  std::string pad = "pad = array<i64: 1, 2, 3, 4>";
  expectOp("pad", pad + ", constant_val = 2.5 : f32", {x},
           remap(x, shape, place, 2.5f));
  expectOp("pad", pad + ", mode = \"replicate\"", {x},
           remap(x, shape, [&](const Shape &i) {
             Shape from = place(i);
             for (size_t d : {1, 2})
               from[d] =
                   std::min(std::max<int64_t>(from[d], 0), x.shape[d] - 1);
             return from;
           }));
  expectOp("pad", pad + ", mode = \"reflect\"", {x},
           remap(x, shape, [&](const Shape &i) {
             Shape from = place(i);
             for (size_t d : {1, 2}) {
               from[d] = std::abs(from[d]);
               if (from[d] >= x.shape[d])
                 from[d] = 2 * (x.shape[d] - 1) - from[d];
             }
             return from;
           }));
}

TEST(ShapeTest, Repeat) {
  Random random(11);
  Array x = random.uniform({2, 1, 3});
  expectOp("tile", "reps = array<i64: 2, 3, 1>", {x},
           remap(x, {4, 3, 3}, [](const Shape &i) {
             return Shape{i[0] % 2, 0, i[2]};
           }));
  expectOp("broadcast_to", "shape = array<i64: 4, 2, 5, 3>", {x},
           remap(x, {4, 2, 5, 3}, [](const Shape &i) {
             return Shape{i[1], 0, i[3]};
           }));
}

TEST(ShapeTest, SlidingWindows) {
  Random random(12);
  Array x = random.uniform({2, 9, 3});
  expectOp("sliding_windows", "axis = 1, size = 4, stride = 2", {x},
           remap(x, {2, 3, 4, 3}, [](const Shape &i) {
             return Shape{i[0], i[1] * 2 + i[2], i[3]};
           }));
}

TEST(ShapeTest, BandPart) {
  Random random(13);
  Array x = random.uniform({2, 5, 6});
  for (int64_t lower : {-1, 0, 2})
    for (int64_t upper : {-1, 0, 3}) {
      Array y = x;
      forEach(x.shape, [&](const Shape &i) {
        bool keep = (lower < 0 || i[1] - i[2] <= lower) &&
                    (upper < 0 || i[2] - i[1] <= upper);
        if (!keep)
          y.at(i) = 0;
      });
      expectOp("band_part",
               "lower = " + std::to_string(lower) +
                   ", upper = " + std::to_string(upper),
               {x}, y);
    }
}

TEST(ShapeTest, Fill) {
  expectOp("fill", "shape = array<i64: 2, 3>, value = 1.5 : f32", {},
           Array({2, 3}, 1.5f));
  Array range({5});
  for (int i = 0; i < 5; ++i)
    range.data[i] = float(3 - 0.5 * i);
  expectOp("range_1d", "start = 3.0 : f32, end = 0.6 : f32, step = -0.5 : f32",
           {}, range);
}

} // namespace
