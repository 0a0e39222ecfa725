//===- IndexingTest.cpp - Slices, gather and scatter ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunModule.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlmodel::test;

namespace {

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// The places that Python's range(*slice(begin, end, stride).indices(n)) gives.
Shape slicePlaces(int64_t size, int64_t begin, int64_t end, int64_t stride,
                  bool openBegin, bool openEnd) {
  auto wrap = [&](int64_t bound) { return bound < 0 ? bound + size : bound; };
  int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? size : size - 1;
  int64_t from = std::min(std::max(wrap(begin), low), high);
  int64_t to = std::min(std::max(wrap(end), low), high);
  if (openBegin)
    from = stride > 0 ? 0 : size - 1;
  if (openEnd)
    to = stride > 0 ? size : -1;
  Shape places;
  for (int64_t i = from; stride > 0 ? i < to : i > to; i += stride)
    places.push_back(i);
  return places;
}

std::string formatMask(const std::vector<bool> &mask) {
  std::string text = "array<i1: ";
  for (size_t i = 0; i < mask.size(); ++i)
    text += std::string(i ? ", " : "") + (mask[i] ? "true" : "false");
  return text + ">";
}

TEST(IndexingTest, SliceByIndex) {
  Random random(1);
  for (int done = 0; done < 12;) {
    Array x = random.uniform({random.integer(3, 7), random.integer(3, 7), 5});
    Shape begin, end, stride, sizes, shape;
    std::vector<bool> beginMask, endMask, squeezeMask;
    std::vector<Shape> places;
    for (size_t i = 0; i < 3; ++i) {
      int64_t size = x.shape[i];
      begin.push_back(random.integer(-size, size - 1));
      end.push_back(random.integer(-size - 1, size + 2));
      stride.push_back(random.integer(1, 3) * (random.integer(0, 1) ? 1 : -1));
      beginMask.push_back(random.integer(0, 3) == 0);
      endMask.push_back(random.integer(0, 2) == 0);
      squeezeMask.push_back(random.integer(0, 5) == 0);
      places.push_back(slicePlaces(size, begin[i], end[i], stride[i],
                                   beginMask[i], endMask[i]));
      if (squeezeMask[i])
        places[i] = {beginMask[i] ? (stride[i] > 0 ? 0 : size - 1)
                                  : (begin[i] + size) % size};
      else
        shape.push_back(places[i].size());
      sizes.push_back(places[i].size());
    }
    if (std::count(sizes.begin(), sizes.end(), 0) || shape.empty())
      continue;
    Array y(sizes);
    forEach(sizes, [&](const Shape &i) {
      y.at(i) = x.at({places[0][i[0]], places[1][i[1]], places[2][i[2]]});
    });
    y.shape = shape;
    expectOp("slice_by_index",
             "begin = " + formatList(begin) + ", end = " + formatList(end) +
                 ", stride = " + formatList(stride) + ", begin_mask = " +
                 formatMask(beginMask) + ", end_mask = " + formatMask(endMask) +
                 ", squeeze_mask = " + formatMask(squeezeMask),
             {x}, y);
    ++done;
  }
}

TEST(IndexingTest, SliceBySize) {
  Random random(2);
  Array x = random.uniform({5, 6, 2}), begin({3});
  // The second slice would leave x and is moved back.
  for (const Shape &at : std::vector<Shape>{{1, 2, 0}, {-2, 5, 0}}) {
    begin.data = {float(at[0]), float(at[1]), float(at[2])};
    int64_t row = at[0] < 0 ? at[0] + 5 : at[0];
    int64_t column = std::min<int64_t>(at[1], 3);
    Array y({2, 3, 2});
    forEach(y.shape, [&](const Shape &i) {
      y.at(i) = x.at({row + i[0], column + i[1], i[2]});
    });
    expectOp("slice_by_size", "size = array<i64: 2, 3, -1>", {x, begin}, y);
  }
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// What an index that comes as a float means on an axis of `size`.
int64_t resolve(float value, int64_t size) {
  if (std::isnan(value))
    return 0;
  auto index = int64_t(std::max(-1e9f, std::min(1e9f, value)));
  if (index < 0)
    index += size;
  return std::min(std::max<int64_t>(index, 0), size - 1);
}

Shape slice(const Shape &list, size_t from, size_t to) {
  return Shape(list.begin() + from, list.begin() + to);
}

Shape join(Shape head, const Shape &tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

Array gather(const Array &x, const Array &indices, size_t axis) {
  size_t own = indices.shape.size();
  Shape shape = join(join(slice(x.shape, 0, axis), indices.shape),
                     slice(x.shape, axis + 1, x.shape.size()));
  Array y(shape);
  forEach(shape, [&](const Shape &i) {
    float index = indices.at(slice(i, axis, axis + own));
    Shape place = slice(i, 0, axis);
    place.push_back(resolve(index, x.shape[axis]));
    y.at(i) = x.at(join(place, slice(i, axis + own, i.size())));
  });
  return y;
}

TEST(IndexingTest, Gather) {
  Random random(3);
  for (size_t axis : {0, 1, 2})
    for (const Shape &shape : std::vector<Shape>{{4}, {2, 3}, {}}) {
      Array x = random.uniform({4, 3, 5});
      Array indices = random.integers(shape, -7, 6);
      expectOp("gather", "axis = " + std::to_string(int(axis) - 3),
               {x, indices}, gather(x, indices, axis));
    }
}

TEST(IndexingTest, GatherWildIndices) {
  Random random(4);
  Array x = random.uniform({4, 2}), indices({7});
  indices.data = {std::nanf(""),
                  std::numeric_limits<float>::infinity(),
                  -std::numeric_limits<float>::infinity(),
                  1e30f,
                  -1e30f,
                  1.9f,
                  -0.5f};
  expectOp("gather", "axis = 0", {x, indices}, gather(x, indices, 0));
}

TEST(IndexingTest, GatherBatch) {
  Random random(5);
  Array x = random.uniform({2, 3, 4}), indices = random.integers({2, 3}, 0, 3);
  Array y({2, 3, 3});
  forEach(y.shape, [&](const Shape &i) {
    y.at(i) = x.at({i[0], i[1], int64_t(indices.at({i[0], i[2]}))});
  });
  expectOp("gather", "axis = 2, batch_dims = 1", {x, indices}, y);
}

TEST(IndexingTest, GatherAlongAxis) {
  Random random(6);
  for (size_t axis : {0, 1, 2}) {
    Array x = random.uniform({4, 3, 5});
    Shape shape = x.shape;
    shape[axis] = 6;
    Array indices = random.integers(shape, -5, 5), y(shape);
    forEach(shape, [&](const Shape &i) {
      Shape place = i;
      place[axis] = resolve(indices.at(i), x.shape[axis]);
      y.at(i) = x.at(place);
    });
    expectOp("gather_along_axis", "axis = " + std::to_string(axis),
             {x, indices}, y);
  }
}

/// The place that the tuple at `prefix` of `indices` names.
Shape resolveTuple(const Array &indices, const Shape &prefix,
                   const Shape &sizes) {
  Shape place;
  for (int64_t k = 0; k < indices.shape.back(); ++k)
    place.push_back(resolve(indices.at(join(prefix, {k})), sizes[k]));
  return place;
}

TEST(IndexingTest, GatherNd) {
  Random random(7);
  for (int64_t length : {1, 2, 3}) {
    Array x = random.uniform({4, 3, 5});
    Array indices = random.integers({2, 3, length}, -4, 4);
    Array y(join({2, 3}, slice(x.shape, length, 3)));
    forEach(y.shape, [&](const Shape &i) {
      Shape place = resolveTuple(indices, slice(i, 0, 2), x.shape);
      y.at(i) = x.at(join(place, slice(i, 2, i.size())));
    });
    expectOp("gather_nd", "", {x, indices}, y);
  }
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

const char *const modes[] = {"update", "add", "sub", "mul",
                             "div",    "max", "min"};

void combine(float &old, float update, const std::string &mode) {
  if (mode == "update")
    old = update;
  else if (mode == "add")
    old += update;
  else if (mode == "sub")
    old -= update;
  else if (mode == "mul")
    old *= update;
  else if (mode == "div")
    old /= update;
  else if (mode == "max")
    old = std::max(old, update);
  else
    old = std::min(old, update);
}

TEST(IndexingTest, Scatter) {
  Random random(8);
  for (const char *mode : modes) {
    auto axis = size_t(random.integer(0, 2));
    Array data = random.uniform({4, 3, 5}, 0.5f, 2);
    Array indices = random.integers({2, 3}, -5, 5);
    Shape shape = join(join(slice(data.shape, 0, axis), indices.shape),
                       slice(data.shape, axis + 1, 3));
    Array updates = random.uniform(shape, 0.5f, 2), y = data;
    forEach(shape, [&](const Shape &i) {
      Shape place = slice(i, 0, axis);
      place.push_back(
          resolve(indices.at(slice(i, axis, axis + 2)), data.shape[axis]));
      combine(y.at(join(place, slice(i, axis + 2, i.size()))), updates.at(i),
              mode);
    });
    expectOp("scatter",
             "axis = " + std::to_string(axis) + ", mode = \"" + mode + "\"",
             {data, indices, updates}, y, 1e-6f);
  }
}

TEST(IndexingTest, ScatterAlongAxis) {
  Random random(9);
  for (const char *mode : modes) {
    auto axis = size_t(random.integer(0, 2));
    Array data = random.uniform({4, 3, 5}, 0.5f, 2);
    Shape shape = data.shape;
    shape[axis] = 2;
    Array indices = random.integers(shape, -5, 5);
    Array updates = random.uniform(shape, 0.5f, 2), y = data;
    forEach(shape, [&](const Shape &i) {
      Shape place = i;
      place[axis] = resolve(indices.at(i), data.shape[axis]);
      combine(y.at(place), updates.at(i), mode);
    });
    expectOp("scatter_along_axis",
             "axis = " + std::to_string(axis) + ", mode = \"" + mode + "\"",
             {data, indices, updates}, y, 1e-6f);
  }
}

TEST(IndexingTest, ScatterNd) {
  Random random(10);
  for (const char *mode : modes) {
    int64_t length = random.integer(1, 3);
    Array data = random.uniform({4, 3, 5}, 0.5f, 2);
    Array indices = random.integers({3, 2, length}, -5, 5);
    Array updates =
        random.uniform(join({3, 2}, slice(data.shape, length, 3)), 0.5f, 2);
    Array y = data;
    forEach(updates.shape, [&](const Shape &i) {
      Shape place = resolveTuple(indices, slice(i, 0, 2), data.shape);
      combine(y.at(join(place, slice(i, 2, i.size()))), updates.at(i), mode);
    });
    expectOp("scatter_nd", std::string("mode = \"") + mode + "\"",
             {data, indices, updates}, y, 1e-6f);
  }
}

TEST(IndexingTest, OneHot) {
  Random random(11);
  Array indices = random.integers({2, 3}, -1, 5);
  for (size_t axis : {0, 1, 2}) {
    Shape shape = indices.shape;
    shape.insert(shape.begin() + axis, 4);
    Array y(shape);
    forEach(shape, [&](const Shape &i) {
      Shape place = i;
      place.erase(place.begin() + axis);
      y.at(i) = indices.at(place) == float(i[axis]) ? 2.0f : -1.0f;
    });
    expectOp("one_hot",
             "one_hot_vector_size = 4, axis = " + std::to_string(axis) +
                 ", on_value = 2.0 : f32, off_value = -1.0 : f32",
             {indices}, y);
  }
}

} // namespace
