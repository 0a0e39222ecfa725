//===- ImageTest.cpp - Resizing and cropping --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunModule.h"
#include <cmath>

using namespace mlmodel::test;

namespace {

const char *const modes[] = {"STRICT_ALIGN_CORNERS", "ALIGN_CORNERS", "DEFAULT",
                             "OFFSET_CORNERS", "UNALIGN_CORNERS"};

/// Point `i` of `n` between `start` and `end`, as the format's documentation
/// gives it: evenly spaced between a first and a last point.
double samplePoint(const std::string &mode, int64_t i, int64_t n, double start,
                   double end) {
  double length = end - start, size = length + 1;
  double first = 0, last = length;
  if (mode == "ALIGN_CORNERS" && n == 1) {
    first = last = length / 2;
  } else if (mode == "DEFAULT") {
    last = size - size / double(n);
  } else if (mode == "OFFSET_CORNERS") {
    double spacing = std::max(1.0, length) / double(n);
    first = 0.5 * spacing;
    last = first + double(n - 1) * spacing;
  } else if (mode == "UNALIGN_CORNERS") {
    double spacing = size / double(n);
    first = 0.5 * spacing - 0.5;
    last = first + double(n - 1) * spacing;
  }
  double at =
      n == 1 ? first : first + (last - first) * double(i) / double(n - 1);
  return start + std::min(std::max(at, 0.0), length);
}

double interpolate(const Array &x, Shape prefix, double row, double column) {
  int64_t height = x.shape[x.shape.size() - 2], width = x.shape.back();
  row = std::min(std::max(row, 0.0), double(height - 1));
  column = std::min(std::max(column, 0.0), double(width - 1));
  auto pixel = [&](int64_t i, int64_t j) {
    Shape place = prefix;
    place.push_back(std::min(i, height - 1));
    place.push_back(std::min(j, width - 1));
    return double(x.at(place));
  };
  auto i = int64_t(row), j = int64_t(column);
  double down = row - double(i), right = column - double(j);
  double above = pixel(i, j) * (1 - right) + pixel(i, j + 1) * right;
  double below = pixel(i + 1, j) * (1 - right) + pixel(i + 1, j + 1) * right;
  return above * (1 - down) + below * down;
}

Array resized(const Array &x, int64_t height, int64_t width,
              const std::string &mode) {
  Shape shape = x.shape;
  size_t rank = shape.size();
  shape[rank - 2] = height;
  shape[rank - 1] = width;
  Array y(shape);
  forEach(shape, [&](const Shape &i) {
    double row = samplePoint(mode, i[rank - 2], height, 0,
                             double(x.shape[rank - 2] - 1));
    double column =
        samplePoint(mode, i[rank - 1], width, 0, double(x.shape[rank - 1] - 1));
    y.at(i) = float(interpolate(x, Shape(i.begin(), i.end() - 2), row, column));
  });
  return y;
}

Array resizedNearest(const Array &x, int64_t height, int64_t width) {
  Shape shape = x.shape;
  size_t rank = shape.size();
  shape[rank - 2] = height;
  shape[rank - 1] = width;
  Array y(shape);
  forEach(shape, [&](const Shape &i) {
    Shape place = i;
    place[rank - 2] = i[rank - 2] * x.shape[rank - 2] / height;
    place[rank - 1] = i[rank - 1] * x.shape[rank - 1] / width;
    y.at(i) = x.at(place);
  });
  return y;
}

std::string formatTarget(int64_t height, int64_t width) {
  return "target_size_height = " + std::to_string(height) +
         ", target_size_width = " + std::to_string(width);
}

TEST(ImageTest, UpsampleNearestNeighbor) {
  Random random(1);
  Array x = random.uniform({2, 3, 3, 4});
  expectOp("upsample_nearest_neighbor",
           "scale_factor_height = 2.0 : f32, scale_factor_width = 3.0 : f32",
           {x}, resizedNearest(x, 6, 12));
  expectOp("upsample_nearest_neighbor",
           "scale_factor_height = 1.5 : f32, scale_factor_width = 2.0 : f32",
           {x}, resizedNearest(x, 4, 8));
}

TEST(ImageTest, ResizeNearestNeighbor) {
  Random random(2);
  Array x = random.uniform({3, 5, 7});
  for (auto [height, width] :
       {std::pair<int64_t, int64_t>{3, 4}, {10, 14}, {7, 40}, {1, 1}})
    expectOp("resize_nearest_neighbor", formatTarget(height, width), {x},
             resizedNearest(x, height, width));
}

TEST(ImageTest, UpsampleBilinear) {
  Random random(3);
  Array x = random.uniform({1, 2, 3, 4});
  std::string scale =
      "scale_factor_height = 2.0 : f32, scale_factor_width = 2.5 : f32";
  expectOp("upsample_bilinear", scale, {x},
           resized(x, 6, 10, "STRICT_ALIGN_CORNERS"), 1e-5f);
  expectOp("upsample_bilinear", scale + ", align_corners = false", {x},
           resized(x, 6, 10, "UNALIGN_CORNERS"), 1e-5f);
  expectOp("upsample_bilinear",
           scale + ", align_corners = false, half_pixel_centers = false", {x},
           resized(x, 6, 10, "DEFAULT"), 1e-5f);
}

TEST(ImageTest, ResizeBilinear) {
  Random random(4);
  for (const char *mode : modes)
    for (auto [height, width] :
         {std::pair<int64_t, int64_t>{3, 4}, {9, 70}, {1, 1}}) {
      Array x = random.uniform({2, 2, 5, random.integer(1, 6)});
      expectOp("resize_bilinear",
               formatTarget(height, width) + ", sampling_mode = \"" + mode +
                   "\"",
               {x}, resized(x, height, width, mode), 1e-5f);
    }
}

TEST(ImageTest, Crop) {
  Random random(5);
  Array x = random.uniform({2, 3, 6, 7}), y({2, 3, 3, 6});
  forEach(y.shape, [&](const Shape &i) {
    y.at(i) = x.at({i[0], i[1], i[2] + 1, i[3]});
  });
  expectOp("crop",
           "crop_height = array<i64: 1, 2>, crop_width = array<i64: 0, 1>", {x},
           y);
}

/// A box as `[top, left, bottom, right]`, written in a coordinate mode.
std::vector<float> encodeBox(const std::vector<float> &box,
                             const std::string &mode) {
  std::vector<float> code = box;
  if (mode.rfind("CENTER", 0) == 0)
    code = {(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0],
            box[3] - box[1]};
  if (mode.find("WIDTH_FIRST") != std::string::npos)
    code = {code[1], code[0], code[3], code[2]};
  return code;
}

void checkCropResize(Random &random, const std::string &sampling,
                     const std::string &boxMode, bool normalized,
                     bool withIndices, int64_t height, int64_t width) {
  Array x = random.uniform({2, 3, 6, 8}), boxes({3, 4});
  Array indices = random.integers({3}, 0, 1);
  std::vector<std::vector<float>> corners;
  for (int64_t n = 0; n < 3; ++n) {
    Array place = random.uniform({4}, 0, 1);
    std::vector<float> box{place.data[0] * 2.5f, place.data[1] * 3.5f,
                           2.5f + place.data[2] * 2.5f,
                           3.5f + place.data[3] * 3.5f};
    corners.push_back(box);
    if (normalized)
      box = {box[0] / 5, box[1] / 7, box[2] / 5, box[3] / 7};
    std::vector<float> code = encodeBox(box, boxMode);
    std::copy(code.begin(), code.end(), boxes.data.begin() + n * 4);
  }
  Array y(withIndices ? Shape{3, 3, height, width}
                      : Shape{3, 2, 3, height, width});
  forEach(y.shape, [&](const Shape &i) {
    const auto &box = corners[i[0]];
    size_t rank = i.size();
    int64_t image = withIndices ? int64_t(indices.data[i[0]]) : i[1];
    y.at(i) = float(
        interpolate(x, {image, i[rank - 3]},
                    samplePoint(sampling, i[rank - 2], height, box[0], box[2]),
                    samplePoint(sampling, i[rank - 1], width, box[1], box[3])));
  });
  std::vector<Array> inputs{x, boxes};
  if (withIndices)
    inputs.push_back(indices);
  expectOp(
      "crop_resize",
      "target_height = " + std::to_string(height) +
          ", target_width = " + std::to_string(width) + ", sampling_mode = \"" +
          sampling + "\", box_coordinate_mode = \"" + boxMode +
          "\", normalized_coordinates = " + (normalized ? "true" : "false"),
      inputs, y, 1e-4f);
}

TEST(ImageTest, CropResizeBackwards) {
  Array x({1, 1, 4, 4}), boxes({1, 4}), y({1, 1, 1, 2, 2});
  for (int i = 0; i < 16; ++i)
    x.data[i] = float(i);
  boxes.data = {2, 2, 1, 1};
  y.data = {10, 9, 6, 5};
  expectOp("crop_resize",
           "target_height = 2, target_width = 2, sampling_mode = "
           "\"ALIGN_CORNERS\"",
           {x, boxes}, y, 1e-6f);
}

TEST(ImageTest, CropResize) {
  Random random(6);
  for (const char *mode : modes) {
    checkCropResize(random, mode, "CORNERS_HEIGHT_FIRST", false, true, 3, 4);
    checkCropResize(random, mode, "CORNERS_HEIGHT_FIRST", false, false, 1, 1);
  }
  for (const char *boxMode : {"CORNERS_WIDTH_FIRST", "CENTER_SIZE_HEIGHT_FIRST",
                              "CENTER_SIZE_WIDTH_FIRST"})
    checkCropResize(random, "DEFAULT", boxMode, true, true, 5, 2);
}

} // namespace
