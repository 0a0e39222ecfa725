//===- BlockGrid.cpp - Cut points in sorted values ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BlockGrid.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <queue>

using namespace llvm;
using namespace mlmodel;

namespace {

/// Independent compensated sums, so that the additions of different lanes
/// overlap: one chain would wait for each addition in turn.
struct Lanes {
  static constexpr size_t count = 4;
  double high[count] = {}, low[count] = {};

  void add(size_t lane, double value) {
    DoubleDouble next = DoubleDouble::twoSum(high[lane], value);
    high[lane] = next.hi;
    low[lane] += next.lo;
  }
  DoubleDouble total() const {
    DoubleDouble result;
    for (size_t lane = 0; lane < count; ++lane)
      result = result + DoubleDouble::twoSum(high[lane], low[lane]);
    return result;
  }
};

} // namespace

RunSums mlmodel::sumRun(ArrayRef<float> values, double origin) {
  Lanes sum, squares;
  size_t whole = values.size() / Lanes::count * Lanes::count;
  for (size_t i = 0; i < whole; i += Lanes::count)
    for (size_t lane = 0; lane < Lanes::count; ++lane) {
      double value = double(values[i + lane]) - origin;
      sum.add(lane, value);
      squares.add(lane, value * value);
    }
  for (size_t i = whole; i < values.size(); ++i) {
    double value = double(values[i]) - origin;
    sum.add(0, value);
    squares.add(0, value * value);
  }
  return {sum.total(), squares.total()};
}

/// Within a factor of 4, all values are multiples of the least one's last place
/// and their differences have at most 26 bits, so these and their squares are
/// exact in double.
static double chooseOrigin(ArrayRef<float> sorted) {
  float low = sorted.front(), high = sorted.back();
  bool oneSide = (low > 0 && high <= 4 * low) || (high < 0 && low >= 4 * high);
  return oneSide ? sorted[sorted.size() / 2] : 0.0f;
}

BlockGrid::BlockGrid(ArrayRef<float> sorted, size_t blocks)
    : sorted(sorted), origin(chooseOrigin(sorted)) {
  struct Block {
    double extent;
    uint32_t begin, end;
    bool operator<(const Block &other) const {
      if (extent != other.extent)
        return extent < other.extent;
      return begin > other.begin;
    }
  };
  uint32_t count = sorted.size();
  originPosition = llvm::lower_bound(sorted, float(origin)) - sorted.begin();
  positions = {0, count};
  std::priority_queue<Block> queue;
  if (originPosition > 0 && originPosition < count) {
    positions.push_back(originPosition);
    queue.push({extentOf(0, originPosition), 0, originPosition});
    queue.push({extentOf(originPosition, count), originPosition, count});
  } else {
    queue.push({extentOf(0, count), 0, count});
  }
  while (positions.size() <= blocks && queue.top().extent > 0) {
    Block block = queue.top();
    queue.pop();
    uint32_t middle = middleOf(block.begin, block.end);
    positions.push_back(middle);
    queue.push({extentOf(block.begin, middle), block.begin, middle});
    queue.push({extentOf(middle, block.end), middle, block.end});
  }
  llvm::sort(positions);

  sums.resize(positions.size());
  size_t start =
      llvm::lower_bound(positions, originPosition) - positions.begin();
  for (size_t point = start; point + 1 < positions.size(); ++point)
    sums[point + 1] =
        sumAfter(sums[point], positions[point], positions[point + 1]);
  for (size_t point = start; point > 0; --point)
    sums[point - 1] =
        sumBefore(sums[point], positions[point - 1], positions[point]);

  double largest = std::max(std::fabs(double(sorted.front()) - origin),
                            std::fabs(double(sorted.back()) - origin));
  const RunSums &low = sums.front(), &high = sums.back();
  largestMagnitude = high.squares.hi - low.squares.hi +
                     largest * (std::fabs(low.sum.hi) + high.sum.hi);
}

double BlockGrid::mean(size_t first, size_t last) const {
  DoubleDouble total = sums[last].sum - sums[first].sum;
  return origin + total.hi / double(positions[last] - positions[first]);
}

RunSums BlockGrid::sumAfter(const RunSums &sums, uint32_t begin,
                            uint32_t end) const {
  RunSums run = sumRun(sorted.slice(begin, end - begin), origin);
  return {sums.sum + run.sum, sums.squares + run.squares};
}

RunSums BlockGrid::sumBefore(const RunSums &sums, uint32_t begin,
                             uint32_t end) const {
  RunSums run = sumRun(sorted.slice(begin, end - begin), origin);
  return {sums.sum - run.sum, sums.squares - run.squares};
}

uint32_t BlockGrid::middleOf(uint32_t begin, uint32_t end) const {
  ArrayRef<float> block = sorted.slice(begin, end - begin);
  float value = block[block.size() / 2];
  uint32_t lower = llvm::lower_bound(block, value) - block.begin();
  if (lower > 0)
    return begin + lower;
  return begin + (llvm::upper_bound(block, value) - block.begin());
}

void BlockGrid::cutBlock(uint32_t begin, uint32_t end, double limit,
                         std::vector<uint32_t> &inner) const {
  if (extentOf(begin, end) <= limit)
    return;
  uint32_t middle = middleOf(begin, end);
  cutBlock(begin, middle, limit, inner);
  inner.push_back(middle);
  cutBlock(middle, end, limit, inner);
}

std::vector<uint32_t> BlockGrid::refine(const BitVector &keep,
                                        const BitVector &cut, double limit) {
  std::vector<uint32_t> newIndex(size(), 0), newPositions;
  std::vector<RunSums> newSums;
  std::vector<uint32_t> inner;
  for (unsigned point : keep.set_bits()) {
    newIndex[point] = newPositions.size();
    newPositions.push_back(positions[point]);
    newSums.push_back(sums[point]);
    if (!cut.test(point))
      continue;
    uint32_t begin = positions[point], end = positions[point + 1];
    inner.clear();
    cutBlock(begin, end, limit, inner);
    size_t first = newSums.size();
    llvm::append_range(newPositions, inner);
    newSums.resize(newPositions.size());
    // Outwards from the origin, which no block contains: nothing cancels.
    if (begin >= originPosition) {
      for (size_t i = 0; i < inner.size(); ++i)
        newSums[first + i] = sumAfter(newSums[first + i - 1],
                                      i ? inner[i - 1] : begin, inner[i]);
      continue;
    }
    for (size_t i = inner.size(); i-- > 0;) {
      bool last = i + 1 == inner.size();
      newSums[first + i] =
          sumBefore(last ? sums[point + 1] : newSums[first + i + 1], inner[i],
                    last ? end : inner[i + 1]);
    }
  }
  positions = std::move(newPositions);
  sums = std::move(newSums);
  return newIndex;
}
