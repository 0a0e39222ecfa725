//===- InsertProfile.cpp - Tell the runtime where each layer ends ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "SparsePlan.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

namespace mlmodel {
#define GEN_PASS_DEF_INSERTPROFILE
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

namespace {

/// The operations of the entry block that belong to one layer.
struct Section {
  std::string layer;
  /// The last of each run of operations without others between.
  SmallVector<Operation *, 1> ends;
  double operations = 0;
  uint64_t weightBytes = 0, bytes = 0;
};

/// Counts what a function's operations do.
class Counter {
public:
  /// Arguments from \p firstWeight on are weights, except for the last one if
  /// the function has an arena.
  Counter(func::FuncOp func, unsigned firstWeight, bool hasArena)
      : body(&func.getBody().front()), firstWeight(firstWeight),
        endOfWeights(func.getNumArguments() - hasArena) {}

  void add(Operation *op, Section &section) const;

private:
  void addOperations(linalg::LinalgOp op, double rounds,
                     Section &section) const;
  void addBytes(Operation *op, Section &section) const;
  bool isWeight(Value value) const;

  Block *body;
  unsigned firstWeight, endOfWeights;
};

} // namespace

/// The names of the layers that \p loc tells of.
static void collectNames(Location loc, llvm::SetVector<StringRef> &names) {
  if (auto name = dyn_cast<NameLoc>(loc))
    names.insert(name.getName());
  else if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      collectNames(part, names);
}

static std::string getLayer(Operation *op) {
  llvm::SetVector<StringRef> names;
  collectNames(op->getLoc(), names);
  return llvm::join(names, " + ");
}

/// Whether \p op does something that takes time.
static bool works(Operation &op) {
  return isa<linalg::LinalgOp, memref::CopyOp, func::CallOp>(op) ||
         op.getNumRegions() != 0;
}

/// How often a loop runs; 1 where that is not known.
static double countRounds(scf::ForOp loop) {
  std::optional<int64_t> first = getConstantIntValue(loop.getLowerBound());
  std::optional<int64_t> end = getConstantIntValue(loop.getUpperBound());
  std::optional<int64_t> step = getConstantIntValue(loop.getStep());
  if (!first || !end || !step || *step <= 0)
    return 1;
  return *end > *first ? llvm::divideCeilSigned(*end - *first, *step) : 0;
}

void Counter::addOperations(linalg::LinalgOp op, double rounds,
                            Section &section) const {
  for (int64_t range : op.getStaticLoopRanges())
    rounds *= ShapedType::isDynamic(range) ? 1 : range;
  if (mlmodel::isSparse(op))
    rounds *= mlmodel::getStoredFraction(op);
  for (Operation &nested : *op.getBlock())
    if (nested.getNumResults() == 1 &&
        isa<FloatType>(nested.getResult(0).getType()) &&
        isa<arith::ArithDialect, math::MathDialect>(nested.getDialect()) &&
        !isa<arith::ConstantOp, arith::SelectOp>(nested))
      section.operations += rounds;
}

bool Counter::isWeight(Value value) const {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == body &&
         argument.getArgNumber() >= firstWeight &&
         argument.getArgNumber() < endOfWeights;
}

/// Each buffer counts once, however often it is read.
void Counter::addBytes(Operation *op, Section &section) const {
  llvm::SmallPtrSet<Value, 8> seen;
  op->walk([&](Operation *nested) {
    if (!isa<linalg::LinalgOp, memref::CopyOp, func::CallOp>(nested))
      return;
    for (Value operand : nested->getOperands()) {
      auto type = dyn_cast<MemRefType>(operand.getType());
      if (!type || !type.hasStaticShape() ||
          !type.getElementType().isIntOrFloat() || !seen.insert(operand).second)
        continue;
      uint64_t bytes = type.getNumElements() *
                       llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      section.bytes += bytes;
      if (isWeight(operand))
        section.weightBytes += bytes;
    }
  });
}

void Counter::add(Operation *op, Section &section) const {
  addBytes(op, section);
  // A kernel, with what it is called with.
  if (auto call = dyn_cast<func::CallOp>(op))
    if (auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
            op, call.getCalleeAttr()))
      kernel.walk([&](linalg::LinalgOp nested) {
        addOperations(nested, /*rounds=*/1, section);
      });
  op->walk([&](linalg::LinalgOp nested) {
    double rounds = 1;
    for (Operation *around = nested->getParentOp(); around != op->getParentOp();
         around = around->getParentOp())
      if (auto loop = dyn_cast<scf::ForOp>(around))
        rounds *= countRounds(loop);
    addOperations(nested, rounds, section);
  });
}

namespace {

struct InsertProfile : mlmodel::impl::InsertProfileBase<InsertProfile> {
  using InsertProfileBase::InsertProfileBase;

  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main || main.isExternal() || !main.getBody().hasOneBlock() ||
        !main->hasAttr(mlmodel::kProfileAttrName))
      return;
    std::vector<Section> sections = cut(main);
    OpBuilder builder(getOperation().getBody(),
                      getOperation().getBody()->begin());
    auto hook =
        func::FuncOp::create(builder, main.getLoc(), mlmodel::kProfileHookName,
                             builder.getFunctionType(builder.getI64Type(), {}));
    hook.setPrivate();
    SmallVector<Attribute> attributes;
    for (auto [i, section] : llvm::enumerate(sections)) {
      for (Operation *end : section.ends) {
        builder.setInsertionPointAfter(end);
        Value index = arith::ConstantIntOp::create(builder, end->getLoc(), i,
                                                   /*width=*/64);
        func::CallOp::create(builder, end->getLoc(), hook, index);
      }
      attributes.push_back(describe(builder, section));
    }
    main->setAttr(mlmodel::kProfileAttrName, builder.getArrayAttr(attributes));
  }

private:
  static std::vector<Section> cut(func::FuncOp main) {
    auto firstWeight =
        main->getAttrOfType<IntegerAttr>(mlmodel::kProfileAttrName);
    Counter counter(main, firstWeight ? firstWeight.getInt() : 0,
                    main->hasAttr(mlmodel::kArenaBytesAttrName));
    std::vector<Section> sections;
    size_t previous = 0;
    for (Operation &op : main.getBody().front()) {
      if (!works(op))
        continue;
      std::string layer = getLayer(&op);
      size_t index = llvm::find_if(sections,
                                   [&](const Section &section) {
                                     return section.layer == layer;
                                   }) -
                     sections.begin();
      bool isNew = index == sections.size();
      if (isNew)
        sections.push_back({layer});
      Section &section = sections[index];
      if (index == previous && !isNew)
        section.ends.back() = &op;
      else
        section.ends.push_back(&op);
      previous = index;
      counter.add(&op, section);
    }
    return sections;
  }

  static DictionaryAttr describe(OpBuilder &builder, const Section &section) {
    return builder.getDictionaryAttr(
        {builder.getNamedAttr("bytes",
                              builder.getI64IntegerAttr(section.bytes)),
         builder.getNamedAttr("layer", builder.getStringAttr(section.layer)),
         builder.getNamedAttr("operations",
                              builder.getF64FloatAttr(section.operations)),
         builder.getNamedAttr("weight_bytes",
                              builder.getI64IntegerAttr(section.weightBytes))});
  }
};

} // namespace
