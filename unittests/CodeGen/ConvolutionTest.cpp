//===- ConvolutionTest.cpp - Convolutions and pooling -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunModule.h"
#include <cmath>
#include <limits>

using namespace mlmodel::test;

namespace {

/// A random window over `rank` spatial axes.
struct Window {
  Window(Random &random, int64_t rank, bool dilate) {
    for (int64_t i = 0; i < rank; ++i) {
      input.push_back(random.integer(5, rank == 3 ? 7 : 11));
      kernel.push_back(random.integer(1, 3));
      stride.push_back(random.integer(1, 3));
      dilation.push_back(dilate ? random.integer(1, 2) : 1);
    }
    pad.assign(2 * rank, 0);
  }

  int64_t span(size_t i) const { return (kernel[i] - 1) * dilation[i] + 1; }

  /// Chooses padding and output sizes as the pad type says.
  void apply(Random &random, const std::string &padType) {
    for (size_t i = 0; i < input.size(); ++i) {
      if (padType == "custom")
        for (size_t side : {2 * i, 2 * i + 1})
          pad[side] = random.integer(0, kernel[i] - 1);
      int64_t out =
          (input[i] + pad[2 * i] + pad[2 * i + 1] - span(i)) / stride[i] + 1;
      if (padType == "same" || padType == "same_lower") {
        out = (input[i] + stride[i] - 1) / stride[i];
        int64_t total =
            std::max<int64_t>((out - 1) * stride[i] + span(i) - input[i], 0);
        int64_t less = total / 2;
        pad[2 * i] = padType == "same" ? less : total - less;
        pad[2 * i + 1] = total - pad[2 * i];
      }
      output.push_back(out);
    }
  }

  std::string attributes(const std::string &padType, bool pool) const {
    std::string text =
        "pad_type = \"" + padType + "\", strides = " + formatList(stride);
    if (padType == "custom")
      text += ", pad = " + formatList(pad);
    if (pool)
      return text + ", kernel_sizes = " + formatList(kernel);
    return text + ", dilations = " + formatList(dilation);
  }

  /// Visits (output place, kernel place, input place) of one window element;
  /// the input place may lie in the padding.
  void visit(std::function<void(const Shape &, const Shape &, const Shape &)>
                 fn) const {
    forEach(output, [&](const Shape &o) {
      forEach(kernel, [&](const Shape &k) {
        Shape at(o.size());
        for (size_t i = 0; i < o.size(); ++i)
          at[i] = o[i] * stride[i] + k[i] * dilation[i] - pad[2 * i];
        fn(o, k, at);
      });
    });
  }

  Shape input, kernel, stride, dilation, pad, output;
};

Shape join(Shape head, const Shape &tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

const char *const padTypes[] = {"valid", "same", "same_lower", "custom"};

Array referenceConv(const Array &x, const Array &w, const Array *bias,
                    const Window &window, int64_t groups) {
  int64_t outputs = w.shape[0], perGroup = w.shape[1];
  Array y(join({x.shape[0], outputs}, window.output));
  forEach({x.shape[0], outputs}, [&](const Shape &no) {
    window.visit([&](const Shape &o, const Shape &k, const Shape &at) {
      int64_t first = no[1] / (outputs / groups) * perGroup;
      for (int64_t c = 0; c < perGroup; ++c) {
        Shape place = join({no[0], first + c}, at);
        if (x.contains(place))
          y.at(join(no, o)) += x.at(place) * w.at(join({no[1], c}, k));
      }
    });
    if (bias)
      forEach(window.output,
              [&](const Shape &o) { y.at(join(no, o)) += bias->data[no[1]]; });
  });
  return y;
}

void checkConv(Random &random, int64_t rank, const std::string &padType,
               int64_t groups, int64_t perIn, int64_t perOut) {
  Window window(random, rank, /*dilate=*/true);
  window.apply(random, padType);
  Array x = random.uniform(
      join({random.integer(1, 2), groups * perIn}, window.input));
  Array w = random.uniform(join({groups * perOut, perIn}, window.kernel));
  std::vector<Array> inputs{x, w};
  bool hasBias = random.integer(0, 1) == 1;
  if (hasBias)
    inputs.push_back(random.uniform({groups * perOut}));
  expectOp("conv",
           window.attributes(padType, false) +
               ", groups = " + std::to_string(groups),
           inputs,
           referenceConv(x, w, hasBias ? &inputs[2] : nullptr, window, groups),
           1e-5f);
}

TEST(ConvolutionTest, Conv) {
  Random random(1);
  for (int64_t rank : {1, 2, 3})
    for (const char *padType : padTypes)
      checkConv(random, rank, padType, 1, random.integer(1, 5),
                random.integer(1, 5));
}

TEST(ConvolutionTest, ConvGroups) {
  Random random(2);
  for (int64_t rank : {2, 3}) {
    checkConv(random, rank, "same", 2, 3, 2);
    checkConv(random, rank, "custom", 3, 2, 1);
    checkConv(random, rank, "valid", 3, 1, 2);
    checkConv(random, rank, "same_lower", 4, 1, 1);
  }
}

TEST(ConvolutionTest, ConvPointwise) {
  Random random(3);
  for (int64_t groups : {1, 2, 4}) {
    for (int64_t perGroup : {1, 3}) {
      Window window(random, 2, false);
      window.kernel = window.stride = {1, 1};
      window.apply(random, "valid");
      Array x = random.uniform(join({2, groups * perGroup}, window.input));
      Array w = random.uniform({groups * 3, perGroup, 1, 1});
      Array bias = random.uniform({groups * 3});
      expectOp("conv", "groups = " + std::to_string(groups), {x, w, bias},
               referenceConv(x, w, &bias, window, groups), 1e-5f);
    }
  }
}

/// Adds every input value's multiple of the kernel to the full output.
Array referenceTransposed(const Array &x, const Array &w, const Array &bias,
                          const Window &window, int64_t groups,
                          const Shape &cropBegin, const Shape &output) {
  int64_t perOut = w.shape[1], perIn = x.shape[1] / groups;
  Array y(join({x.shape[0], perOut * groups}, output));
  forEach(y.shape, [&](const Shape &i) { y.at(i) = bias.data[i[1]]; });
  forEach(x.shape, [&](const Shape &i) {
    for (int64_t o = 0; o < perOut; ++o)
      forEach(window.kernel, [&](const Shape &k) {
        Shape place{i[0], i[1] / perIn * perOut + o};
        for (size_t d = 0; d < k.size(); ++d)
          place.push_back(i[d + 2] * window.stride[d] +
                          k[d] * window.dilation[d] - cropBegin[d]);
        if (y.contains(place))
          y.at(place) += x.at(i) * w.at(join({i[1], o}, k));
      });
  });
  return y;
}

void checkTransposed(Random &random, int64_t rank, const std::string &padType,
                     int64_t groups, int64_t perIn, int64_t perOut,
                     int64_t extra = -1) {
  Window window(random, rank, /*dilate=*/true);
  for (int64_t &size : window.input)
    size = random.integer(1, 5);
  Shape crop, output;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t full = (window.input[i] - 1) * window.stride[i] + window.span(i);
    bool same = padType == "same" || padType == "same_lower";
    if (padType == "custom" && full > 2)
      for (size_t side : {2 * i, 2 * i + 1})
        window.pad[side] = random.integer(0, std::min<int64_t>(1, full - 2));
    int64_t out = same ? window.input[i] * window.stride[i]
                       : full - window.pad[2 * i] - window.pad[2 * i + 1];
    if (extra >= 0)
      out += extra;
    int64_t total = std::max<int64_t>(full - out, 0);
    int64_t begin = window.pad[2 * i];
    if (same)
      begin = padType == "same" ? total / 2 : total - total / 2;
    crop.push_back(begin);
    output.push_back(out);
  }
  Array x = random.uniform(join({2, groups * perIn}, window.input));
  Array w = random.uniform(join({groups * perIn, perOut}, window.kernel));
  Array bias = random.uniform({groups * perOut});
  std::string attributes = window.attributes(padType, false) +
                           ", groups = " + std::to_string(groups);
  if (extra >= 0)
    attributes +=
        ", output_shape = " + formatList(join({2, groups * perOut}, output));
  expectOp("conv_transpose", attributes, {x, w, bias},
           referenceTransposed(x, w, bias, window, groups, crop, output),
           1e-5f);
}

TEST(ConvolutionTest, ConvTranspose) {
  Random random(4);
  for (int64_t rank : {1, 2, 3})
    for (const char *padType : padTypes)
      for (int repeat = 0; repeat < 2; ++repeat)
        checkTransposed(random, rank, padType, 1, random.integer(1, 3),
                        random.integer(1, 3));
}

TEST(ConvolutionTest, ConvTransposeGroups) {
  Random random(5);
  for (const char *padType : padTypes) {
    checkTransposed(random, 2, padType, 2, 2, 3);
    checkTransposed(random, 2, padType, 3, 1, 1);
    checkTransposed(random, 2, padType, 2, 1, 2);
  }
}

TEST(ConvolutionTest, ConvTransposeOutputShape) {
  Random random(6);
  for (const char *padType : padTypes)
    for (int64_t extra : {0, 1, 4})
      checkTransposed(random, 2, padType, 2, 1, 2, extra);
}

enum class Pool { Max, Average, AverageExclude, L2 };

/// `limit` is where the padded input ends for an average that counts padding.
float referencePool(Pool kind, const std::vector<float> &values,
                    int64_t padded) {
  float sum = 0, squares = 0;
  float most = -std::numeric_limits<float>::infinity();
  for (float value : values) {
    sum += value;
    squares += value * value;
    most = std::max(most, value);
  }
  switch (kind) {
  case Pool::Max:
    return most;
  case Pool::Average:
    return sum / float(padded);
  case Pool::AverageExclude:
    return values.empty() ? 0 : sum / float(values.size());
  case Pool::L2:
    return std::sqrt(squares);
  }
  return 0;
}

void checkPool(const Array &x, const Window &window, Pool kind,
               const std::string &attributes) {
  Array y(join({x.shape[0], x.shape[1]}, window.output));
  forEach({x.shape[0], x.shape[1]}, [&](const Shape &nc) {
    std::vector<std::vector<float>> values(y.data.size());
    std::vector<int64_t> padded(y.data.size(), 0);
    window.visit([&](const Shape &o, const Shape &, const Shape &at) {
      int64_t place = y.offset(join(nc, o));
      if (x.contains(join(nc, at)))
        values[place].push_back(x.at(join(nc, at)));
      bool inside = true;
      for (size_t i = 0; i < at.size(); ++i)
        inside &= at[i] < x.shape[i + 2] + window.pad[2 * i + 1];
      padded[place] += inside;
    });
    forEach(window.output, [&](const Shape &o) {
      int64_t place = y.offset(join(nc, o));
      y.data[place] = referencePool(kind, values[place], padded[place]);
    });
  });
  const char *names[] = {"max_pool", "avg_pool", "avg_pool", "l2_pool"};
  std::string all = attributes;
  if (kind == Pool::AverageExclude)
    all += ", exclude_padding_from_average = true";
  expectOp(names[int(kind)], all, {x}, y, 1e-6f);
}

const Pool pools[] = {Pool::Max, Pool::Average, Pool::AverageExclude, Pool::L2};

TEST(ConvolutionTest, Pool) {
  Random random(7);
  for (int64_t rank : {2, 3})
    for (const char *padType : padTypes)
      for (Pool kind : pools) {
        Window window(random, rank, /*dilate=*/false);
        window.apply(random, padType);
        Array x = random.uniform(join({2, 3}, window.input));
        checkPool(x, window, kind, window.attributes(padType, true));
      }
}

TEST(ConvolutionTest, PoolCeilMode) {
  Random random(8);
  for (int repeat = 0; repeat < 3; ++repeat)
    for (Pool kind : pools) {
      Window window(random, 2, /*dilate=*/false);
      for (size_t i = 0; i < 2; ++i) {
        int64_t &begin = window.pad[2 * i], in = window.input[i];
        begin = window.pad[2 * i + 1] = random.integer(0, window.kernel[i] / 2);
        int64_t stride = window.stride[i];
        int64_t room = in + 2 * begin - window.kernel[i];
        int64_t out = (room + stride - 1) / stride + 1;
        if (begin > 0 && (out - 1) * stride >= in + begin)
          --out;
        window.output.push_back(out);
      }
      // Without padding a last window may begin behind the input.
      bool covered = true;
      for (size_t i = 0; i < 2; ++i)
        covered &= (window.output[i] - 1) * window.stride[i] <
                   window.input[i] + window.pad[2 * i];
      if (!covered)
        continue;
      Array x = random.uniform(join({1, 2}, window.input));
      checkPool(x, window, kind,
                window.attributes("custom", true) + ", ceil_mode = true");
    }
}

TEST(ConvolutionTest, PoolGlobal) {
  Random random(9);
  for (int64_t rank : {2, 3})
    for (Pool kind : pools) {
      Window window(random, rank, /*dilate=*/false);
      window.kernel = window.input;
      window.apply(random, "valid");
      Array x = random.uniform(join({2, 3}, window.input));
      checkPool(x, window, kind, window.attributes("valid", true));
    }
}

} // namespace
