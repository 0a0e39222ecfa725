//===- OpenSizes.cpp - Numbers that become parameters ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every buffer with an open number becomes
//
//   memref.reinterpret_cast %base to offset: [..], sizes: [..], strides: [..]
//
// whose operands are parameters, however it was a view of its base before: the
// type told all of its numbers. Equal parameters are one value, so that later
// passes see which sizes are equal.
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/CodeGen/Passes.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlmodel {
#define GEN_PASS_DEF_MERGESAMPLES
#define GEN_PASS_DEF_NOTESIZES
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {

/// A buffer with open numbers: its new type and what the numbers are.
struct OpenBuffer {
  MemRefType type;
  SmallVector<OpFoldResult> sizes, strides;
  OpFoldResult offset;
};

class Rewriter {
public:
  Rewriter(func::FuncOp main, const Skeleton &skeleton, const OpenNumbers &open)
      : main(main), skeleton(skeleton), open(open), builder(main.getContext()) {
  }

  LogicalResult run();

private:
  bool isOpen(const Skeleton::Place &place, size_t count) const;
  Value getParameter(unsigned index, Type type);
  OpFoldResult getNumber(size_t index);
  OpenBuffer describe(const Skeleton::Place &place, MemRefType type);
  LogicalResult rewrite(const Skeleton::Place &place);
  LogicalResult rewriteBuffer(const Skeleton::Place &place);
  LogicalResult replaceResult(OpResult result, OpenBuffer buffer);
  FailureOr<OpFoldResult> addOffsets(memref::SubViewOp view);
  void replace(Value value, Value base, const OpenBuffer &buffer);
  void noteTypicalSizes();

  func::FuncOp main;
  const Skeleton &skeleton;
  const OpenNumbers &open;
  OpBuilder builder;
  Value parameters;
  /// The last operation that reads a parameter.
  Operation *lastRead = nullptr;
  DenseMap<std::pair<unsigned, Type>, Value> known;
  /// What became of buffers, and their numbers.
  DenseMap<Value, OpenBuffer> buffers;
  SmallVector<Operation *> replaced;
};

} // namespace

/// How many numbers the type of a buffer has.
static size_t countNumbers(MemRefType type) {
  bool isIdentity = type.getLayout().isIdentity();
  return isIdentity ? type.getRank() : 2 * type.getRank() + 1;
}

bool Rewriter::isOpen(const Skeleton::Place &place, size_t count) const {
  for (size_t i = 0; i < count; ++i)
    if (open.getParameter(place.first + i))
      return true;
  return false;
}

/// Parameter \p index as a value of \p type: an index, an integer, or the float
/// whose bits it holds.
Value Rewriter::getParameter(unsigned index, Type type) {
  Value &value = known[{index, type}];
  if (value)
    return value;
  OpBuilder::InsertionGuard guard(builder);
  if (lastRead)
    builder.setInsertionPointAfter(lastRead);
  else
    builder.setInsertionPointToStart(&main.getBody().front());
  Location loc = main.getLoc();
  Value place = arith::ConstantIndexOp::create(builder, loc, index);
  value = memref::LoadOp::create(builder, loc, parameters, place);
  if (type.isIndex()) {
    value = arith::IndexCastOp::create(builder, loc, type, value);
  } else if (type != value.getType()) {
    unsigned width = type.getIntOrFloatBitWidth();
    if (width < 64)
      value = arith::TruncIOp::create(builder, loc,
                                      builder.getIntegerType(width), value);
    if (isa<FloatType>(type))
      value = arith::BitcastOp::create(builder, loc, type, value);
  }
  lastRead = value.getDefiningOp();
  return value;
}

/// Number \p index of the skeleton, as a size.
OpFoldResult Rewriter::getNumber(size_t index) {
  if (std::optional<unsigned> parameter = open.getParameter(index))
    return getParameter(*parameter, builder.getIndexType());
  int64_t number = skeleton.getNumbers()[index];
  return builder.getIndexAttr(number == Skeleton::kAnyNumber ? 0 : number);
}

static SmallVector<int64_t> toStatic(ArrayRef<OpFoldResult> numbers) {
  SmallVector<int64_t> values;
  for (OpFoldResult number : numbers)
    values.push_back(
        getConstantIntValue(number).value_or(ShapedType::kDynamic));
  return values;
}

/// The open form of a buffer of \p type, whose numbers are those at \p place.
OpenBuffer Rewriter::describe(const Skeleton::Place &place, MemRefType type) {
  OpenBuffer buffer;
  int64_t rank = type.getRank();
  size_t next = place.first;
  for (int64_t i = 0; i < rank; ++i)
    buffer.sizes.push_back(getNumber(next++));
  if (!type.getLayout().isIdentity()) {
    for (int64_t i = 0; i < rank; ++i)
      buffer.strides.push_back(getNumber(next++));
    buffer.offset = getNumber(next);
    auto layout = StridedLayoutAttr::get(builder.getContext(),
                                         toStatic({buffer.offset}).front(),
                                         toStatic(buffer.strides));
    buffer.type = MemRefType::get(toStatic(buffer.sizes), type.getElementType(),
                                  layout, type.getMemorySpace());
    return buffer;
  }
  buffer.type = MemRefType::get(toStatic(buffer.sizes), type.getElementType(),
                                AffineMap(), type.getMemorySpace());
  buffer.offset = builder.getIndexAttr(0);
  // The products of the sizes behind each; numbers that no type had.
  buffer.strides.resize(rank);
  OpFoldResult stride = builder.getIndexAttr(1);
  OpBuilder::InsertionGuard guard(builder);
  for (int64_t i = rank; i-- > 0;) {
    buffer.strides[i] = stride;
    if (i == 0)
      break;
    if (lastRead)
      builder.setInsertionPointAfter(lastRead);
    stride = affine::makeComposedFoldedAffineApply(
        builder, main.getLoc(),
        builder.getAffineSymbolExpr(0) * builder.getAffineSymbolExpr(1),
        {stride, buffer.sizes[i]});
    if (auto value = dyn_cast<Value>(stride))
      if (Operation *op = value.getDefiningOp();
          op && lastRead && lastRead->isBeforeInBlock(op))
        lastRead = op;
  }
  return buffer;
}

/// Makes \p value the buffer that lies as \p buffer says from where \p base
/// begins.
void Rewriter::replace(Value value, Value base, const OpenBuffer &buffer) {
  Value view = memref::ReinterpretCastOp::create(
      builder, value.getLoc(), buffer.type, base, buffer.offset, buffer.sizes,
      buffer.strides);
  value.replaceAllUsesExcept(view, view.getDefiningOp());
  buffers[view] = buffer;
}

/// The offset of a view whose place depends on values.
FailureOr<OpFoldResult> Rewriter::addOffsets(memref::SubViewOp view) {
  auto source = buffers.find(view.getSource());
  SmallVector<OpFoldResult> strides;
  OpFoldResult offset;
  if (source != buffers.end()) {
    strides = source->second.strides;
    offset = source->second.offset;
  } else {
    auto [fixed, first] = view.getSourceType().getStridesAndOffset();
    strides = getAsIndexOpFoldResult(builder.getContext(), fixed);
    offset = builder.getIndexAttr(first);
  }
  auto isUnknown = [](OpFoldResult number) {
    auto constant = getConstantIntValue(number);
    return constant && ShapedType::isDynamic(*constant);
  };
  if (isUnknown(offset) || llvm::any_of(strides, isUnknown) ||
      !llvm::all_of(view.getMixedStrides(),
                    [](OpFoldResult stride) { return isOneInteger(stride); }))
    return failure();
  // An offset that is open would have to be found among the attributes.
  const auto *place =
      llvm::find_if(skeleton.getPlaces(), [&](const Skeleton::Place &each) {
        return each.op == view && each.kind == Skeleton::Place::Attribute &&
               each.attribute == "static_offsets";
      });
  size_t next = place->first;
  unsigned dynamic = 0;
  for (auto [fixed, stride] : llvm::zip(view.getStaticOffsets(), strides)) {
    OpFoldResult steps = ShapedType::isDynamic(fixed)
                             ? OpFoldResult(view.getOffsets()[dynamic++])
                             : getNumber(next);
    ++next;
    AffineExpr a, b, c;
    bindSymbols(builder.getContext(), a, b, c);
    offset = affine::makeComposedFoldedAffineApply(
        builder, view.getLoc(), a + b * c, {offset, steps, stride});
  }
  return offset;
}

LogicalResult Rewriter::replaceResult(OpResult result, OpenBuffer buffer) {
  Operation *op = result.getOwner();
  builder.setInsertionPoint(op);
  MemRefType type = buffer.type;
  auto one = MemRefType::get({1}, type.getElementType(), AffineMap(),
                             type.getMemorySpace());
  if (auto view = dyn_cast<memref::ViewOp>(op);
      view && view.getSizes().empty()) {
    Value base =
        memref::ViewOp::create(builder, op->getLoc(), one, view.getSource(),
                               view.getByteShift(), ValueRange());
    replace(result, base, buffer);
  } else if (isa<memref::AllocOp, memref::AllocaOp>(op) &&
             op->getNumOperands() == 0) {
    SmallVector<Value> sizes;
    for (OpFoldResult size : buffer.sizes)
      if (auto value = dyn_cast<Value>(size))
        sizes.push_back(value);
    auto alignment = op->getAttrOfType<IntegerAttr>("alignment");
    Value made = isa<memref::AllocOp>(op)
                     ? memref::AllocOp::create(builder, op->getLoc(), type,
                                               sizes, alignment)
                           .getResult()
                     : memref::AllocaOp::create(builder, op->getLoc(), type,
                                                sizes, alignment)
                           .getResult();
    replace(result, made, buffer);
  } else if (auto view = dyn_cast<ViewLikeOpInterface>(op);
             view && op->getNumOperands() == 1) {
    replace(result, view.getViewSource(), buffer);
  } else if (auto part = dyn_cast<memref::SubViewOp>(op);
             part && part.getSizes().empty() && part.getStrides().empty()) {
    FailureOr<OpFoldResult> offset = addOffsets(part);
    if (failed(offset))
      return op->emitError("a view of a view at a place that is computed "
                           "cannot have open sizes");
    buffer.offset = *offset;
    replace(result, part.getSource(), buffer);
  } else if (isa<RegionBranchOpInterface>(op)) {
    result.setType(type);
    return success();
  } else {
    return op->emitError("cannot have results of open sizes");
  }
  replaced.push_back(op);
  return success();
}

LogicalResult Rewriter::rewriteBuffer(const Skeleton::Place &place) {
  auto type = cast<MemRefType>(place.value.getType());
  if (!isOpen(place, countNumbers(type)))
    return success();
  OpenBuffer buffer = describe(place, type);
  if (auto result = dyn_cast<OpResult>(place.value))
    return replaceResult(result, buffer);
  Value argument = place.value;
  argument.setType(buffer.type);
  if (argument.getParentBlock() != &main.getBody().front())
    return success();
  if (buffer.type.getRank() == 1 && buffer.type.getElementType().isInteger(8))
    return success(); // The arena.
  if (lastRead)
    builder.setInsertionPointAfter(lastRead);
  replace(argument, argument, buffer);
  return success();
}

LogicalResult Rewriter::rewrite(const Skeleton::Place &place) {
  switch (place.kind) {
  case Skeleton::Place::ValueType:
    return rewriteBuffer(place);
  case Skeleton::Place::ConstantOperand:
    if (std::optional<unsigned> parameter = open.getParameter(place.first)) {
      OpOperand &operand = place.op->getOpOperand(place.operand);
      operand.set(getParameter(*parameter, operand.get().getType()));
    }
    return success();
  case Skeleton::Place::Attribute:
    // Those of views are told by the types of their results.
    return success();
  }
  llvm_unreachable("unknown kind of place");
}

/// Tells what the open sizes of loop nests were, where that is not known.
void Rewriter::noteTypicalSizes() {
  main.walk([&](linalg::LinalgOp op) {
    if (op->hasAttr(kTypicalSizesAttrName))
      return;
    SmallVector<int64_t> sizes = op.getStaticLoopRanges();
    op->setAttr(kTypicalSizesAttrName, builder.getDenseI64ArrayAttr(sizes));
  });
}

LogicalResult Rewriter::run() {
  noteTypicalSizes();
  auto type =
      MemRefType::get({int64_t(open.getNumParameters())}, builder.getI64Type());
  unsigned index = main.getNumArguments();
  if (failed(main.insertArgument(index, type, DictionaryAttr(), main.getLoc())))
    return failure();
  main->setAttr(kParametersAttrName, builder.getI64IntegerAttr(index));
  main->removeAttr(kArenaBytesAttrName);
  parameters = main.getArgument(index);
  for (const Skeleton::Place &place : skeleton.getPlaces())
    if (failed(rewrite(place)))
      return failure();
  for (Operation *op : llvm::reverse(replaced))
    op->erase();
  main.walk([&](linalg::LinalgOp op) {
    if (llvm::is_contained(op.getStaticLoopRanges(), 0) &&
        op.hasPureBufferSemantics())
      return op->erase();
    if (!ShapedType::isDynamicShape(op.getStaticLoopRanges()))
      op->removeAttr(kTypicalSizesAttrName);
  });
  Block &entry = main.getBody().front();
  main.setType(FunctionType::get(main.getContext(), entry.getArgumentTypes(),
                                 entry.getTerminator()->getOperandTypes()));
  return success();
}

LogicalResult mlmodel::openSizes(ModuleOp module, const Skeleton &skeleton,
                                 const OpenNumbers &open) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  return Rewriter(main, skeleton, open).run();
}

//===----------------------------------------------------------------------===//
// The passes
//===----------------------------------------------------------------------===//

namespace {

struct NoteSizes : mlmodel::impl::NoteSizesBase<NoteSizes> {
  using NoteSizesBase::NoteSizesBase;

  void runOnOperation() override {
    Attribute known = getOperation()->getAttr(kTypicalSizesAttrName);
    if (!known)
      return;
    Builder builder(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    if (isa<UnitAttr>(known)) {
      SmallVector<Attribute> sizes;
      for (linalg::LinalgOp op : ops)
        sizes.push_back(builder.getDenseI64ArrayAttr(op.getStaticLoopRanges()));
      known = builder.getArrayAttr(sizes);
      getOperation()->setAttr(kTypicalSizesAttrName, known);
    }
    auto list = dyn_cast<ArrayAttr>(known);
    // Another number of nests has nothing in common with these.
    if (!list || list.size() != ops.size())
      return;
    for (auto [op, sizes] :
         llvm::zip(ops, list.getAsRange<DenseI64ArrayAttr>()))
      if (sizes.size() == op.getNumLoops())
        op->setAttr(kTypicalSizesAttrName, sizes);
  }
};

struct MergeSamples : mlmodel::impl::MergeSamplesBase<MergeSamples> {
  using MergeSamplesBase::MergeSamplesBase;

  void runOnOperation() override {
    auto modules = llvm::to_vector(getOperation().getOps<ModuleOp>());
    if (modules.size() < 2)
      return;
    std::vector<Skeleton> skeletons(modules.begin(), modules.end());
    SmallVector<const Skeleton *> samples;
    for (const Skeleton &skeleton : skeletons) {
      samples.push_back(&skeleton);
      if (Operation *op = samples.front()->findDifference(skeleton)) {
        op->emitError("is lowered in another way for other sizes");
        return signalPassFailure();
      }
    }
    if (failed(openSizes(modules.front(), skeletons.front(),
                         OpenNumbers(samples))))
      return signalPassFailure();
    for (ModuleOp other : ArrayRef(modules).drop_front())
      other.erase();
  }
};

} // namespace
