//===- PlanArena.cpp - One allocation for all intermediate results --------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/Support/MathExtras.h"

namespace mlmodel {
#define GEN_PASS_DEF_PLANARENA
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

/// Cache lines, and more than any vector register.
constexpr uint64_t kAlignment = 64;

namespace {

/// A buffer that may move into the arena. Its life is told in operations of
/// the function's block, counted from its start; both ends belong to it.
struct Buffer {
  memref::AllocOp alloc;
  uint64_t bytes = 0;
  unsigned first = 0, last = 0;
  uint64_t offset = 0;

  bool livesWith(const Buffer &other) const {
    return first <= other.last && other.first <= last;
  }
};

/// Finds the buffers of a function and how long each lives.
class Lifetimes {
public:
  explicit Lifetimes(func::FuncOp func)
      : body(&func.getBody().front()), views(func) {
    for (auto [i, op] : llvm::enumerate(*body))
      positions[&op] = i;
  }

  SmallVector<Buffer> findBuffers();

private:
  std::optional<Buffer> describe(memref::AllocOp alloc);
  Region *getScope(Operation *op) const;
  void extend(Buffer &buffer, Operation *user) const;

  Block *body;
  BufferViewFlowAnalysis views;
  DenseMap<Operation *, unsigned> positions;
};

} // namespace

/// Bytes of a buffer; nothing if that is not known or its elements do not lie
/// one after the other.
static std::optional<uint64_t> getBytes(MemRefType type) {
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      !type.getElementType().isIntOrFloat())
    return std::nullopt;
  uint64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t size : type.getShape())
    bytes = llvm::SaturatingMultiply(bytes, uint64_t(size));
  // An offset is an index of the machine.
  if (bytes > uint64_t(std::numeric_limits<int64_t>::max()) / 2)
    return std::nullopt;
  return bytes;
}

/// The innermost region around \p op that may run more than once for each time
/// that the function runs; the function's own if there is none.
Region *Lifetimes::getScope(Operation *op) const {
  Region *region = op->getParentRegion();
  while (region != body->getParent() &&
         !isa<LoopLikeOpInterface>(region->getParentOp()))
    region = region->getParentRegion();
  return region;
}

void Lifetimes::extend(Buffer &buffer, Operation *user) const {
  unsigned position = positions.lookup(body->findAncestorOpInBlock(*user));
  buffer.first = std::min(buffer.first, position);
  buffer.last = std::max(buffer.last, position);
}

/// Whether \p user makes a buffer of the views \p known that the analysis has
/// not followed.
static bool mayHideViews(Operation *user,
                         const BufferViewFlowAnalysis::ValueSetT &known) {
  auto isBuffer = [](Value result) {
    return isa<BaseMemRefType>(result.getType());
  };
  auto isKnown = [&](Value result) { return known.contains(result); };
  return llvm::any_of(user->getResults(), isBuffer) &&
         llvm::none_of(user->getResults(), isKnown);
}

/// A loop that hands a buffer of one round to the next, or out, needs a new one
/// in each round: what its rounds share would be overwritten.
std::optional<Buffer> Lifetimes::describe(memref::AllocOp alloc) {
  std::optional<uint64_t> bytes = getBytes(alloc.getType());
  if (!bytes)
    return std::nullopt;
  Buffer buffer;
  buffer.alloc = alloc;
  buffer.bytes = llvm::alignTo(std::max<uint64_t>(*bytes, 1), kAlignment);
  // Memory is needed from the first use on, not where the buffer is made.
  buffer.first = positions.size();
  Region *scope = getScope(alloc);
  BufferViewFlowAnalysis::ValueSetT all = views.resolve(alloc.getMemref());
  for (Value view : all) {
    if (!scope->isAncestor(view.getParentRegion()) ||
        (scope != body->getParent() && isa<BlockArgument>(view) &&
         view.getParentRegion() == scope))
      return std::nullopt;
    for (Operation *user : view.getUsers()) {
      // Freed by itself, or owned by the caller.
      if (isa<memref::DeallocOp, memref::ReallocOp, func::ReturnOp>(user) ||
          mayHideViews(user, all))
        return std::nullopt;
      extend(buffer, user);
    }
  }
  return buffer;
}

SmallVector<Buffer> Lifetimes::findBuffers() {
  SmallVector<Buffer> buffers;
  body->walk([&](memref::AllocOp alloc) {
    if (std::optional<Buffer> buffer = describe(alloc))
      buffers.push_back(*buffer);
  });
  return buffers;
}

/// Gives every buffer the lowest place that no buffer of its time takes, the
/// biggest first: small ones then fill the gaps. Returns the end of the last.
static uint64_t assignOffsets(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::stable_sort(order, [](const Buffer *a, const Buffer *b) {
    return a->bytes > b->bytes;
  });
  uint64_t end = 0;
  /// Those that have a place, by their offset.
  SmallVector<const Buffer *> placed;
  for (Buffer *buffer : order) {
    uint64_t offset = 0;
    for (const Buffer *other : placed) {
      if (!other->livesWith(*buffer))
        continue;
      if (other->offset >= offset + buffer->bytes)
        break;
      offset = std::max(offset, other->offset + other->bytes);
    }
    buffer->offset = offset;
    end = std::max(end, offset + buffer->bytes);
    placed.insert(llvm::upper_bound(placed, buffer,
                                    [](const Buffer *a, const Buffer *b) {
                                      return a->offset < b->offset;
                                    }),
                  buffer);
  }
  return end;
}

namespace {

struct PlanArena : mlmodel::impl::PlanArenaBase<PlanArena> {
  using PlanArenaBase::PlanArenaBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal() || func.getName() != "main" ||
        !func.getBody().hasOneBlock())
      return;
    SmallVector<Buffer> buffers = Lifetimes(func).findBuffers();
    if (buffers.empty())
      return;
    uint64_t bytes = assignOffsets(buffers);
    OpBuilder builder(func.getBody());
    auto type = MemRefType::get(bytes, builder.getI8Type());
    unsigned index = func.getNumArguments();
    if (failed(
            func.insertArgument(index, type, DictionaryAttr(), func.getLoc())))
      return signalPassFailure();
    func->setAttr(mlmodel::kArenaBytesAttrName,
                  builder.getI64IntegerAttr(bytes));
    for (Buffer &buffer : buffers)
      move(buffer, func.getArgument(index));
  }

private:
  static void move(Buffer &buffer, Value arena) {
    OpBuilder builder(buffer.alloc);
    Location loc = buffer.alloc.getLoc();
    Value offset = arith::ConstantIndexOp::create(builder, loc, buffer.offset);
    Value view = memref::ViewOp::create(builder, loc, buffer.alloc.getType(),
                                        arena, offset, ValueRange());
    buffer.alloc.replaceAllUsesWith(view);
    buffer.alloc.erase();
  }
};

} // namespace
