//===- LayerStep.h - One step of the boundary programme ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One layer of the dynamic programme over cluster boundaries: for every place
/// of one boundary, the best place of its neighbour. The best place does not
/// decrease from row to row (totally monotone matrix), so rows are solved by
/// halving: O((rows + columns) log rows).
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_COMPRESSION_LAYERSTEP_H
#define MLMODEL_LIB_COMPRESSION_LAYERSTEP_H

#include "BlockGrid.h"
#include "llvm/ADT/STLExtras.h"

namespace mlmodel {

/// The value of places that no solution reaches. Finite, because infinities
/// turn into NaN in double-double arithmetic.
constexpr double unreachable = 1e300;

inline bool isReachable(double value) { return value < unreachable; }
inline bool isReachable(DoubleDouble value) { return value.hi < unreachable; }

/// Places of one boundary (points of the grid, ascending) and the least cost of
/// all clusters on one side of it.
template <typename Num> struct Layer {
  std::vector<uint32_t> places;
  std::vector<Num> values;
};

/// Grid sums in the arithmetic of a programme. `Num` is double or DoubleDouble.
template <typename Num> struct PointSums;
template <> struct PointSums<double> {
  double sum, squares, position;
  PointSums(const BlockGrid &grid, uint32_t point)
      : sum(grid.sum(point).hi), squares(grid.squares(point).hi),
        position(grid.position(point)) {}
};
template <> struct PointSums<DoubleDouble> {
  DoubleDouble sum, squares;
  double position;
  PointSums(const BlockGrid &grid, uint32_t point)
      : sum(grid.sum(point)), squares(grid.squares(point)),
        position(grid.position(point)) {}
};

/// The squared error of the cluster between two points, low < high:
/// sum x^2 - (sum x)^2 / n.
template <typename Num>
Num clusterCost(const PointSums<Num> &low, const PointSums<Num> &high) {
  Num sum = high.sum - low.sum;
  return (high.squares - low.squares) -
         (sum * sum) / (high.position - low.position);
}

/// Forward: columns are places of boundary t - 1, rows of boundary t, values
/// the cost of everything before. Backward: columns are places of t + 1, and
/// values the cost of everything after.
template <typename Num, bool Forward> class LayerStep {
public:
  /// `allowEmpty`: whether neighbours may share a place.
  LayerStep(const BlockGrid &grid, const Layer<Num> &columns, bool allowEmpty)
      : grid(grid), columns(columns), allowEmpty(allowEmpty) {
    columnSums.reserve(columns.places.size());
    for (uint32_t place : columns.places)
      columnSums.emplace_back(grid, place);
  }

  /// Fills `rows.values` for `rows.places`, and, if not null, the column index
  /// chosen for each row.
  void run(Layer<Num> &rows, std::vector<uint32_t> *choices = nullptr) {
    this->rows = &rows;
    this->choices = choices;
    rows.values.assign(rows.places.size(), Num(unreachable));
    if (choices)
      choices->assign(rows.places.size(), 0);
    if (!columns.places.empty())
      solve(0, rows.places.size(), 0, columns.places.size());
  }

private:
  /// Solves rows [rowBegin, rowEnd) with columns [columnBegin, columnEnd).
  void solve(size_t rowBegin, size_t rowEnd, size_t columnBegin,
             size_t columnEnd) {
    while (rowBegin < rowEnd) {
      size_t row = rowBegin + (rowEnd - rowBegin) / 2;
      size_t best = findBest(row, columnBegin, columnEnd);
      if (best == columnEnd) {
        // Rows on the narrower side have fewer columns still.
        if (Forward)
          rowBegin = row + 1;
        else
          rowEnd = row;
        continue;
      }
      solve(rowBegin, row, columnBegin, best + 1);
      rowBegin = row + 1;
      columnBegin = best;
    }
  }

  /// The first best column for `row`, or `end` if none is reachable.
  size_t findBest(size_t row, size_t begin, size_t end) {
    uint32_t place = rows->places[row];
    PointSums<Num> sums(grid, place);
    size_t best = end;
    Num least(unreachable);
    auto consider = [&](size_t column, Num value) {
      if (value < least) {
        least = value;
        best = column;
      }
    };
    ColumnRange inner = properColumns(place, begin, end);
    if (!Forward && allowEmpty && inner.begin > begin &&
        columns.places[inner.begin - 1] == place)
      consider(inner.begin - 1, columns.values[inner.begin - 1]);
    for (size_t column = inner.begin; column < inner.end; ++column)
      consider(column, columns.values[column] + cost(column, place, sums));
    if (Forward && allowEmpty && inner.end < end &&
        columns.places[inner.end] == place)
      consider(inner.end, columns.values[inner.end]);
    rows->values[row] = least;
    if (choices && best != end)
      (*choices)[row] = best;
    return best;
  }

  struct ColumnRange {
    size_t begin, end;
  };
  /// The columns of [begin, end) on the right side of `place`, without it. In
  /// the backward case a column at `place` itself is the one before them.
  ColumnRange properColumns(uint32_t place, size_t begin, size_t end) const {
    auto first = columns.places.begin();
    if (Forward) {
      auto bound = std::lower_bound(first + begin, first + end, place);
      return {begin, size_t(bound - first)};
    }
    auto bound = std::upper_bound(first + begin, first + end, place);
    return {size_t(bound - first), end};
  }

  double cost(size_t column, uint32_t, const PointSums<double> &sums) const {
    return Forward ? clusterCost(columnSums[column], sums)
                   : clusterCost(sums, columnSums[column]);
  }
  /// Clusters of one value cost exactly nothing, which the rounded sums of huge
  /// values would not show.
  DoubleDouble cost(size_t column, uint32_t place,
                    const PointSums<DoubleDouble> &sums) const {
    uint32_t other = columns.places[column];
    if (Forward ? grid.isSingleValue(other, place)
                : grid.isSingleValue(place, other))
      return 0.0;
    return Forward ? clusterCost(columnSums[column], sums)
                   : clusterCost(sums, columnSums[column]);
  }

  const BlockGrid &grid;
  const Layer<Num> &columns;
  bool allowEmpty;
  std::vector<PointSums<Num>> columnSums;
  Layer<Num> *rows = nullptr;
  std::vector<uint32_t> *choices = nullptr;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_COMPRESSION_LAYERSTEP_H
