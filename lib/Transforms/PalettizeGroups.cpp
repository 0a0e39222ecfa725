//===- PalettizeGroups.cpp - Palettes for groups of channels --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Compression/KMeans1D.h"
#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/IR/Builders.h"

namespace mlmodel {
#define GEN_PASS_DEF_PALETTIZEGROUPSPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {
/// Codes in the order of the elements, and one table after the other.
struct GroupedPalette {
  std::vector<uint8_t> codes;
  std::vector<float> tables;
};
} // namespace

/// Clusters the values of each group of \p groupSize channels by itself.
static llvm::Expected<GroupedPalette> palettize(ArrayRef<char> bytes,
                                                const AxisLayout &layout,
                                                size_t groupSize,
                                                unsigned bits) {
  GroupedPalette palette;
  palette.codes.resize(layout.size());
  std::vector<float> values;
  std::vector<size_t> elements;
  for (size_t begin = 0; begin != layout.axis; begin += groupSize) {
    values.clear();
    elements.clear();
    for (size_t outer = 0; outer != layout.outer; ++outer)
      for (size_t i = 0; i != groupSize * layout.inner; ++i) {
        elements.push_back((outer * layout.axis + begin) * layout.inner + i);
        values.push_back(loadFloat(bytes, elements.back()));
      }
    llvm::Expected<KMeansResult> result = kMeans1D(values, 1u << bits);
    if (!result)
      return result.takeError();
    for (auto [element, index] : llvm::zip_equal(elements, result->indices))
      palette.codes[element] = index;
    llvm::append_range(palette.tables, result->table);
  }
  return palette;
}

namespace {
struct PalettizeGroupsPass
    : mlmodel::impl::PalettizeGroupsPassBase<PalettizeGroupsPass> {
  using PalettizeGroupsPassBase::PalettizeGroupsPassBase;

  void runOnOperation() override {
    if (bits < 1 || bits > 8 || groupSize < 1) {
      getOperation().emitError("bits is ")
          << unsigned(bits) << " and group-size is " << int64_t(groupSize)
          << ", expected 1 to 8 and at least 1";
      return signalPassFailure();
    }
    std::vector<mil::ConstOp> ops;
    getOperation().walk([&](mil::ConstOp op) { ops.push_back(op); });
    for (mil::ConstOp op : ops)
      if (failed(palettizeOne(op)))
        return signalPassFailure();
  }

private:
  LogicalResult palettizeOne(mil::ConstOp op) {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (type.getNumElements() < minElements || axis < -type.getRank() ||
        axis >= type.getRank() || type.getRank() < 2)
      return success();
    int64_t channelAxis = axis < 0 ? axis + type.getRank() : int64_t(axis);
    if (type.getDimSize(channelAxis) % groupSize) {
      op.emitRemark("stays: groups of ")
          << int64_t(groupSize) << " do not divide "
          << type.getDimSize(channelAxis) << " channels";
      return success();
    }
    std::vector<char> storage;
    std::optional<ArrayRef<char>> bytes = getRawBytes(op.getValue(), storage);
    if (!bytes)
      return op.emitOpError("has no data");
    llvm::Expected<GroupedPalette> palette = palettize(
        *bytes, AxisLayout::get(type.getShape(), channelAxis), groupSize, bits);
    if (!palette) {
      ExitCode code;
      return op.emitOpError(takeMessage(palette.takeError(), code));
    }
    replace(op, *palette, channelAxis);
    return success();
  }

  void replace(mil::ConstOp op, const GroupedPalette &palette, int64_t axis) {
    OpBuilder builder(op);
    int64_t entries = int64_t(1) << bits;
    int64_t groups = static_cast<int64_t>(palette.tables.size()) / entries;
    auto tables = DenseElementsAttr::get(
        RankedTensorType::get({groups, entries}, builder.getF32Type()),
        ArrayRef(palette.tables));
    ElementsAttr data =
        makePayload(builder.getIntegerType(8, /*isSigned=*/false), "palette",
                    packBits(palette.codes, bits));
    auto lut = mil::ConstexprLutToDenseOp::create(
        builder, op.getLoc(), op.getResult().getType(), data,
        builder.getI64IntegerAttr(bits), tables,
        builder.getI64IntegerAttr(axis), /*mask=*/ElementsAttr());
    op.getResult().replaceAllUsesWith(lut.getResult());
    op.erase();
  }
};
} // namespace
