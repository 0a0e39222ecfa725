//===- LinearQuantization.cpp - Affine quantization of weights ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/LinearQuantization.h"
#include "InvalidInput.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace llvm;
using namespace mlmodel;

namespace {

/// The smallest and largest value of a run, over eight lanes: a single
/// accumulator would serialise the loop, and the compiler may not reorder
/// float comparisons on its own.
struct MinMax {
  static constexpr size_t lanes = 8;
  float low[lanes], high[lanes];

  MinMax() {
    std::fill_n(low, lanes, std::numeric_limits<float>::infinity());
    std::fill_n(high, lanes, -std::numeric_limits<float>::infinity());
  }

  void add(FloatView run) {
    size_t whole = run.size() / lanes * lanes;
    for (size_t i = 0; i < whole; i += lanes)
      for (size_t lane = 0; lane < lanes; ++lane)
        addOne(lane, run[i + lane]);
    for (size_t i = whole; i < run.size(); ++i)
      addOne(0, run[i]);
  }

  void addOne(size_t lane, float value) {
    low[lane] = value < low[lane] ? value : low[lane];
    high[lane] = value > high[lane] ? value : high[lane];
  }

  double min() const { return *std::min_element(low, low + lanes); }
  double max() const { return *std::max_element(high, high + lanes); }
};

struct Channel {
  double scale = 0;
  double bias = 0;
};

} // namespace

/// Rounds half to even for |value| < 2^31. Adding 1.5 * 2^52 leaves the rounded
/// integer in the low bits; unlike nearbyint this vectorises on baseline SSE2.
static uint8_t roundToByte(double value) {
  double shifted = value + 6755399441055744.0;
  uint64_t bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  return static_cast<uint8_t>(bits);
}

static Channel chooseChannel(const MinMax &range, unsigned bits,
                             LinearMode mode) {
  double low = range.min(), high = range.max();
  Channel channel;
  if (mode == LinearMode::Linear) {
    channel.scale = (high - low) / ((1 << bits) - 1);
    channel.bias = low;
    return channel;
  }
  double radius = std::max(std::fabs(low), std::fabs(high));
  channel.scale = radius / ((1 << (bits - 1)) - 1);
  channel.bias = -(1 << (bits - 1)) * channel.scale;
  return channel;
}

static void quantizeRun(FloatView run, const Channel &channel, uint8_t *out) {
  if (std::fabs(channel.scale) <= 1e-6) {
    std::fill_n(out, run.size(), uint8_t(0));
    return;
  }
  // The reciprocal first: dividing by the scale rounds differently.
  double inverse = 1.0 / channel.scale, bias = channel.bias;
  for (size_t i = 0; i < run.size(); ++i)
    out[i] = roundToByte((double(run[i]) - bias) * inverse);
}

static Error checkLinear(FloatView weights, const AxisLayout &layout,
                         unsigned bits, LinearMode mode) {
  unsigned leastBits = mode == LinearMode::Symmetric ? 2 : 1;
  if (bits < leastBits || bits > 8)
    return invalidInput(
        "{0} bits asked for, but linear{1} quantization has {2} to 8", bits,
        mode == LinearMode::Symmetric ? " symmetric" : "", leastBits);
  if (layout.size() != weights.size())
    return invalidInput("the layout {0} x {1} x {2} does not hold {3} weights",
                        layout.outer, layout.axis, layout.inner,
                        weights.size());
  return checkFinite(weights);
}

/// Quantizes each channel by what \p choose makes of its range, with
/// \p quantize(run, channel, codes).
template <typename Choose, typename Quantize>
static Expected<LinearQuantization>
quantizeChannels(FloatView weights, const AxisLayout &layout, Choose choose,
                 Quantize quantize) {
  LinearQuantization result;
  result.codes.resize(weights.size());
  result.scale.resize(layout.axis);
  result.bias.resize(layout.axis);
  if (weights.empty())
    return result;

  for (size_t row = 0; row < layout.axis; ++row) {
    MinMax range;
    auto runBegin = [&](size_t outer) {
      return (outer * layout.axis + row) * layout.inner;
    };
    for (size_t outer = 0; outer < layout.outer; ++outer)
      range.add(weights.slice(runBegin(outer), layout.inner));
    auto channel = choose(range);
    if (std::fabs(channel.scale) > std::numeric_limits<float>::max() ||
        std::fabs(channel.bias) > std::numeric_limits<float>::max())
      return invalidInput(
          "channel {0} spans {1:e} to {2:e}; its scale or bias does "
          "not fit float32",
          row, range.min(), range.max());
    result.scale[row] = static_cast<float>(channel.scale);
    result.bias[row] = static_cast<float>(channel.bias);
    for (size_t outer = 0; outer < layout.outer; ++outer)
      quantize(weights.slice(runBegin(outer), layout.inner), channel,
               result.codes.data() + runBegin(outer));
  }
  return result;
}

Expected<LinearQuantization> mlmodel::quantizeLinear(FloatView weights,
                                                     const AxisLayout &layout,
                                                     unsigned bits,
                                                     LinearMode mode) {
  if (Error error = checkLinear(weights, layout, bits, mode))
    return error;
  auto choose = [&](const MinMax &range) {
    return chooseChannel(range, bits, mode);
  };
  return quantizeChannels(weights, layout, choose, quantizeRun);
}

namespace {
/// A channel whose code `zero` decodes to 0.
struct ZeroChannel : Channel {
  double zero = 0;
};
} // namespace

/// The least number of 16 significant bits that is at least \p value >= 0, and
/// no less than 2^-110: the lowest bit of all its multiples fits float32.
static double roundUpTo16Bits(double value) {
  if (value != 0)
    value = std::max(value, 0x1p-110);
  int exponent;
  double mantissa = std::frexp(value, &exponent);
  return std::ldexp(std::ceil(std::ldexp(mantissa, 16)), exponent - 16);
}

static ZeroChannel chooseZeroChannel(const MinMax &range, unsigned bits,
                                     LinearMode mode) {
  double low = std::min(range.min(), 0.0), high = std::max(range.max(), 0.0);
  ZeroChannel channel;
  if (mode == LinearMode::Linear) {
    double steps = (1 << bits) - 1;
    channel.scale = roundUpTo16Bits((high - low) / steps);
    // low / scale is in [-steps, 0].
    if (channel.scale != 0)
      channel.zero = std::nearbyint(-low / channel.scale);
  } else {
    channel.scale =
        roundUpTo16Bits(std::max(-low, high) / ((1 << (bits - 1)) - 1));
    channel.zero = 1 << (bits - 1);
  }
  // Exact in float32: 16 bits times at most 8.
  channel.bias = -channel.scale * channel.zero;
  return channel;
}

Expected<LinearQuantization>
mlmodel::quantizeLinearKeepingZero(FloatView weights, const AxisLayout &layout,
                                   unsigned bits, LinearMode mode) {
  if (Error error = checkLinear(weights, layout, bits, mode))
    return error;
  auto choose = [&](const MinMax &range) {
    return chooseZeroChannel(range, bits, mode);
  };
  double greatest = (1 << bits) - 1;
  auto quantize = [&](FloatView run, const ZeroChannel &channel, uint8_t *out) {
    double inverse = channel.scale == 0 ? 0 : 1 / channel.scale;
    for (size_t i = 0; i < run.size(); ++i)
      out[i] = roundToByte(
          std::clamp(double(run[i]) * inverse + channel.zero, 0.0, greatest));
  };
  return quantizeChannels(weights, layout, choose, quantize);
}

Expected<Int8Quantization> mlmodel::quantizeInt8(FloatView weights) {
  if (Error error = checkFinite(weights))
    return error;
  Int8Quantization result;
  result.codes.resize(weights.size());
  if (weights.empty())
    return result;
  MinMax range;
  range.add(weights);
  double largest = std::max(std::fabs(range.min()), std::fabs(range.max()));
  if (largest == 0)
    return result;
  result.scale = static_cast<float>(largest / 127);
  for (size_t i = 0; i < weights.size(); ++i)
    result.codes[i] = static_cast<int8_t>(127 * double(weights[i]) / largest);
  return result;
}
