//===- Selection.cpp - Lower mil's chapter Selection ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "MLModel/Dialect/MIL/IR/SelectionOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

namespace {

/// Emits arithmetic on indices, and loops that carry values.
class LoopBuilder {
public:
  LoopBuilder(OpBuilder &b, Location loc) : b(b), loc(loc) {}

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  template <typename OpTy, typename... Args> Value op(Args &&...args) {
    return OpTy::create(b, loc, std::forward<Args>(args)...);
  }
  Value add(Value x, Value y) { return op<arith::AddIOp>(x, y); }
  Value sub(Value x, Value y) { return op<arith::SubIOp>(x, y); }
  Value least(Value x, Value y) { return op<arith::MinUIOp>(x, y); }
  Value less(Value x, Value y) {
    return op<arith::CmpIOp>(arith::CmpIPredicate::ult, x, y);
  }
  Value both(Value x, Value y) { return op<arith::AndIOp>(x, y); }
  Value select(Value condition, Value x, Value y) {
    return op<arith::SelectOp>(condition, x, y);
  }
  Value greater(Value x, Value y) {
    return op<arith::CmpFOp>(arith::CmpFPredicate::OGT, x, y);
  }
  Value load(Value tensor, ValueRange at) {
    return op<tensor::ExtractOp>(tensor, at);
  }
  Value store(Value scalar, Value tensor, ValueRange at) {
    return op<tensor::InsertOp>(scalar, tensor, at);
  }
  Value toIndex(Value integer) {
    return op<arith::IndexCastOp>(b.getIndexType(), integer);
  }
  /// A float that holds a whole number, as an index.
  Value floatToIndex(Value x) {
    return toIndex(op<arith::FPToSIOp>(b.getI64Type(), x));
  }
  Value indexToFloat(Value i) {
    Value integer = op<arith::IndexCastOp>(b.getI64Type(), i);
    return op<arith::SIToFPOp>(b.getF32Type(), integer);
  }

  using Step = llvm::function_ref<SmallVector<Value>(LoopBuilder &, Value i,
                                                     ValueRange carried)>;
  /// for (i = 0; i < end; ++i) carried = step(i, carried)
  ValueRange loop(Value end, ValueRange carried, Step step) {
    auto loop = scf::ForOp::create(
        b, loc, index(0), end, index(1), carried,
        [&](OpBuilder &nested, Location loc, Value i, ValueRange values) {
          LoopBuilder inner(nested, loc);
          scf::YieldOp::create(nested, loc, step(inner, i, values));
        });
    return loop.getResults();
  }

private:
  OpBuilder &b;
  Location loc;
};

//===----------------------------------------------------------------------===//
// Sorting
//===----------------------------------------------------------------------===//

/// Integers that are ordered as the floats of \p x, and totally so: -0 equals
/// 0, and NaN has a place.
Value createSortKeys(OpBuilder &builder, Location loc, Value x,
                     bool ascending) {
  auto type = cast<RankedTensorType>(x.getType());
  Type i32 = builder.getI32Type();
  Value init = tensor::EmptyOp::create(builder, loc, type.getShape(), i32);
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    auto integer = [&](int64_t value) {
      return arith::ConstantIntOp::create(b, loc, value, 32);
    };
    Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0.0f));
    Value positive = arith::AddFOp::create(b, loc, args[0], zero);
    Value bits = arith::BitcastOp::create(b, loc, i32, positive);
    // Of negative numbers, the greater bits mean the lesser number.
    Value sign = arith::ShRSIOp::create(b, loc, bits, integer(31));
    Value flip = arith::AndIOp::create(b, loc, sign, integer(0x7fffffff));
    Value key = arith::XOrIOp::create(b, loc, bits, flip);
    if (!ascending)
      key = arith::XOrIOp::create(b, loc, key, integer(-1));
    linalg::YieldOp::create(b, loc, key);
  };
  return linalg::GenericOp::create(builder, loc, init.getType(), x, init,
                                   {identity, identity}, iterators, body)
      .getResult(0);
}

/// 0, 1, 2 ... in each row.
Value createPositions(OpBuilder &builder, Location loc,
                      ArrayRef<int64_t> shape) {
  Type i32 = builder.getI32Type();
  Value init = tensor::EmptyOp::create(builder, loc, shape, i32);
  AffineMap identity = builder.getMultiDimIdentityMap(shape.size());
  SmallVector<utils::IteratorType> iterators(shape.size(),
                                             utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange) {
    Value index = linalg::IndexOp::create(b, loc, shape.size() - 1);
    linalg::YieldOp::create(
        b, loc, ValueRange(arith::IndexCastOp::create(b, loc, i32, index)));
  };
  return linalg::GenericOp::create(builder, loc, init.getType(), ValueRange(),
                                   init, identity, iterators, body)
      .getResult(0);
}

/// One element's way through one pass of a merge sort.
struct MergeStep {
  Value keys, order; // what is sorted, and its order so far
  Value row, i;      // the element
  Value pass, width; // runs of width = 2^pass are sorted
  int64_t size;      // of a row

  Value keyAt(LoopBuilder &b, Value position) const {
    Value where = b.toIndex(b.load(order, {row, position}));
    return b.load(keys, {row, where});
  }

  /// Where the element goes: behind all elements of the other run that come
  /// before it, which a binary search counts.
  Value getDestination(LoopBuilder &b) const {
    Value one = b.index(1), size = b.index(this->size);
    Value pair = b.op<arith::ShLIOp>(width, one);
    Value start = b.op<arith::MulIOp>(b.op<arith::DivUIOp>(i, pair), pair);
    Value middle = b.least(b.add(start, width), size);
    Value end = b.least(b.add(start, pair), size);
    Value isLeft = b.less(i, middle);
    Value from = b.select(isLeft, middle, start);
    Value key = keyAt(b, i);
    auto search = [&](LoopBuilder &b, Value, ValueRange range) {
      Value isOpen = b.less(range[0], range[1]);
      Value center =
          b.op<arith::ShRUIOp>(b.add(range[0], range[1]), b.index(1));
      Value other = keyAt(b, b.select(isOpen, center, start));
      auto compare = [&](arith::CmpIPredicate predicate) {
        return b.op<arith::CmpIOp>(predicate, other, key);
      };
      // Of equals, the left one comes first.
      Value isBefore = b.select(isLeft, compare(arith::CmpIPredicate::slt),
                                compare(arith::CmpIPredicate::sle));
      Value low = b.select(isBefore, b.add(center, b.index(1)), range[0]);
      Value high = b.select(isBefore, range[1], center);
      return SmallVector<Value>{b.select(isOpen, low, range[0]),
                                b.select(isOpen, high, range[1])};
    };
    Value to = b.select(isLeft, end, middle);
    Value found = b.loop(b.add(pass, one), {from, to}, search)[0];
    Value count = b.sub(found, from);
    Value own = b.select(isLeft, i, b.sub(i, b.sub(middle, start)));
    return b.add(own, count);
  }
};

/// The positions that sort each row of \p keys, [rows, size]: a merge sort from
/// the bottom up, in which equal keys keep their order.
Value createSort(OpBuilder &builder, Location loc, Value keys) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(keys.getType()).getShape();
  int64_t rows = shape[0], size = shape[1];
  LoopBuilder b(builder, loc);
  Value order = createPositions(builder, loc, shape);
  // One pass reads one buffer and writes the other; two passes are one step, so
  // that each buffer is back in its place. A pass beyond the last only copies.
  auto mergePass = [&](LoopBuilder &b, Value pass, Value from, Value to) {
    Value width = b.op<arith::ShLIOp>(b.index(1), pass);
    auto sortRow = [&](LoopBuilder &b, Value row, ValueRange next) {
      auto place = [&](LoopBuilder &b, Value i, ValueRange next) {
        MergeStep step{keys, from, row, i, pass, width, size};
        Value element = b.load(from, {row, i});
        Value destination = step.getDestination(b);
        return SmallVector<Value>{
            b.store(element, next[0], {row, destination})};
      };
      return SmallVector<Value>(b.loop(b.index(size), next, place));
    };
    return b.loop(b.index(rows), to, sortRow)[0];
  };
  auto twoPasses = [&](LoopBuilder &b, Value step, ValueRange buffers) {
    Value pass = b.add(step, step);
    Value second = mergePass(b, pass, buffers[0], buffers[1]);
    Value first = mergePass(b, b.add(pass, b.index(1)), second, buffers[0]);
    return SmallVector<Value>{first, second};
  };
  Value scratch = b.op<tensor::EmptyOp>(shape, builder.getI32Type());
  Value steps = b.index(llvm::divideCeil(llvm::Log2_64_Ceil(size), 2));
  return b.loop(steps, {order, scratch}, twoPasses)[0];
}

Value lowerArgsort(OpBuilder &builder, ArgsortOp op) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  ArrayRef<int64_t> shape = op.getType().getShape();
  int64_t rank = shape.size(), axis = fromFront(op.getAxis(), rank);
  // The axis goes to the end, all others become rows.
  auto toEnd = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::rotate(toEnd.begin() + axis, toEnd.begin() + axis + 1, toEnd.end());
  auto back = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::rotate(back.begin() + axis, back.end() - 1, back.end());
  Value x = tensors.transpose(op.getX(), toEnd);
  SmallVector<int64_t> movedShape(
      cast<RankedTensorType>(x.getType()).getShape());
  int64_t size = shape[axis], rows = op.getType().getNumElements() / size;
  x = tensors.reshape(x, {rows, size});
  Value keys = createSortKeys(builder, loc, x, op.getAscending());
  Value order = createSort(builder, loc, keys);
  AffineMap identity = builder.getMultiDimIdentityMap(2);
  Value indices = tensors.parallel(
      {rows, size}, order, identity,
      [](OpBuilder &b, Location loc, ValueRange x) -> Value {
        return arith::SIToFPOp::create(b, loc, b.getF32Type(), x[0]);
      });
  return tensors.transpose(tensors.reshape(indices, movedShape), back);
}

struct TopkPattern : OpRewritePattern<TopkOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TopkOp op,
                                PatternRewriter &rewriter) const override {
    if (failed(requireStatic(rewriter, op)))
      return failure();
    Location loc = op.getLoc();
    Value x = op.getX();
    int64_t axis = fromFront(op.getAxis(), op.getX().getType().getRank());
    Value order = ArgsortOp::create(rewriter, loc, x.getType(), x, axis,
                                    op.getAscending());
    ArrayRef<int64_t> sizes = op.getIndices().getType().getShape();
    Value indices =
        TensorBuilder(rewriter, loc)
            .slice(order, SmallVector<int64_t>(sizes.size(), 0), sizes);
    Value values = GatherAlongAxisOp::create(
        rewriter, loc, op.getValues().getType(), x, indices, axis);
    rewriter.replaceOp(op, {values, indices});
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Non-maximum suppression
//===----------------------------------------------------------------------===//

/// Emits whether two boxes overlap by more than a threshold.
class OverlapTest {
public:
  OverlapTest(Value boxes, Value batch, Value threshold)
      : boxes(boxes), batch(batch), threshold(threshold) {}

  Value emit(LoopBuilder &b, Value i, Value j) const {
    Box x = load(b, i), y = load(b, j);
    Value inner =
        b.op<arith::MulFOp>(emitExtent(b, x, y, 0), emitExtent(b, x, y, 1));
    Value both = b.op<arith::AddFOp>(emitArea(b, x), emitArea(b, y));
    Value outer = b.op<arith::SubFOp>(both, inner);
    return b.greater(b.op<arith::DivFOp>(inner, outer), threshold);
  }

private:
  /// Centre x and y, width and height.
  using Box = SmallVector<Value, 4>;

  Box load(LoopBuilder &b, Value i) const {
    Box box;
    for (int64_t k = 0; k < 4; ++k)
      box.push_back(b.load(boxes, {batch, i, b.index(k)}));
    return box;
  }
  static Value emitArea(LoopBuilder &b, const Box &box) {
    return b.op<arith::MulFOp>(box[2], box[3]);
  }
  /// How long the boxes overlap along one dimension; not less than 0.
  static Value emitExtent(LoopBuilder &b, const Box &x, const Box &y, int dim) {
    Value half = b.op<arith::ConstantOp>(
        FloatAttr::get(Float32Type::get(x[0].getContext()), 0.5));
    Value zero = b.op<arith::SubFOp>(half, half);
    auto edge = [&](const Box &box, bool upper) {
      Value reach = b.op<arith::MulFOp>(box[2 + dim], half);
      return upper ? b.op<arith::AddFOp>(box[dim], reach)
                   : b.op<arith::SubFOp>(box[dim], reach);
    };
    Value end = b.op<arith::MinNumFOp>(edge(x, true), edge(y, true));
    Value begin = b.op<arith::MaxNumFOp>(edge(x, false), edge(y, false));
    return b.op<arith::MaxNumFOp>(b.op<arith::SubFOp>(end, begin), zero);
  }

  Value boxes, batch, threshold;
};

/// The candidates of all batches: their best score, its class, their order.
struct Candidates {
  Value best, classes, order;
};

/// Decides about the n-th best candidate: writes its index behind those kept so
/// far if it stays. Carried are the kept indices and their number.
SmallVector<Value> decide(LoopBuilder &b, NonMaximumSuppressionOp op,
                          const Candidates &candidates, Value batch, Value n,
                          ValueRange carried) {
  Value kept = carried[0], count = carried[1], zero = b.index(0);
  Value position = b.load(candidates.order, {batch, n});
  Value candidate = b.floatToIndex(position);
  Value score = b.load(candidates.best, {batch, candidate});
  Value isGood = b.greater(score, b.load(op.getScoreThreshold(), zero));
  // The best one stays whatever its score.
  Value isFirst = b.op<arith::CmpIOp>(arith::CmpIPredicate::eq, n, zero);
  Value most = b.index(op.getMaxBoxes());
  Value isEligible =
      b.both(b.op<arith::OrIOp>(isGood, isFirst), b.less(count, most));
  OverlapTest test(op.getBoxes(), batch, b.load(op.getIouThreshold(), zero));
  auto compare = [&](LoopBuilder &b, Value k, ValueRange found) {
    Value other = b.floatToIndex(b.load(kept, {batch, k}));
    Value overlaps = test.emit(b, candidate, other);
    if (op.getPerClassSuppression())
      overlaps = b.both(
          overlaps,
          b.op<arith::CmpFOp>(arith::CmpFPredicate::OEQ,
                              b.load(candidates.classes, {batch, candidate}),
                              b.load(candidates.classes, {batch, other})));
    return SmallVector<Value>{b.op<arith::OrIOp>(found[0], overlaps)};
  };
  Value no = b.op<arith::ConstantIntOp>(0, 1),
        yes = b.op<arith::ConstantIntOp>(1, 1);
  Value compared = b.select(isEligible, count, zero);
  Value isSuppressed = b.loop(compared, no, compare)[0];
  Value stays = b.both(isEligible, b.op<arith::XOrIOp>(isSuppressed, yes));
  Value place = b.least(count, b.sub(most, b.index(1)));
  Value old = b.load(kept, {batch, place});
  kept = b.store(b.select(stays, position, old), kept, {batch, place});
  return {kept, b.select(stays, b.add(count, b.index(1)), count)};
}

/// The rows of \p x at \p indices [batch, M]; zeros where an index is negative.
Value gatherKept(OpBuilder &builder, Location loc, Value x, Value indices,
                 RankedTensorType type) {
  TensorBuilder tensors(builder, loc);
  auto body = [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
    LoopBuilder b(nested, loc);
    Value zero =
        arith::ConstantOp::create(nested, loc, nested.getF32FloatAttr(0));
    Value isPadding =
        b.op<arith::CmpFOp>(arith::CmpFPredicate::OLT, args[0], zero);
    Value row = b.floatToIndex(b.select(isPadding, zero, args[0]));
    Value element = b.load(x, {linalg::IndexOp::create(nested, loc, 0), row,
                               linalg::IndexOp::create(nested, loc, 2)});
    return b.select(isPadding, zero, element);
  };
  return tensors.parallel(type.getShape(), indices, tensors.pick(3, {0, 1}),
                          body);
}

struct NonMaximumSuppressionPattern
    : OpRewritePattern<NonMaximumSuppressionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(NonMaximumSuppressionOp op,
                                PatternRewriter &rewriter) const override {
    if (failed(requireStatic(rewriter, op)))
      return failure();
    Location loc = op.getLoc();
    TensorBuilder tensors(rewriter, loc);
    ArrayRef<int64_t> shape = op.getScores().getType().getShape();
    auto perBox = tensors.type(shape.take_front(2));
    Candidates candidates;
    candidates.best = ReduceMaxOp::create(rewriter, loc, perBox, op.getScores(),
                                          ArrayRef<int64_t>{2}, false);
    candidates.classes =
        ReduceArgmaxOp::create(rewriter, loc, perBox, op.getScores(), 2, false);
    candidates.order = ArgsortOp::create(rewriter, loc, perBox, candidates.best,
                                         1, /*ascending=*/false);
    auto suppress = [&](LoopBuilder &b, Value batch, ValueRange carried) {
      auto step = [&](LoopBuilder &b, Value n, ValueRange carried) {
        return decide(b, op, candidates, batch, n, carried);
      };
      ValueRange kept =
          b.loop(b.index(shape[1]), {carried[0], b.index(0)}, step);
      Value counts = b.store(b.indexToFloat(kept[1]), carried[1], batch);
      return SmallVector<Value>{kept[0], counts};
    };
    LoopBuilder b(rewriter, loc);
    Value indices = tensors.filled(op.getIndices().getType().getShape(), -1);
    Value counts = tensors.filled(op.getCount().getType().getShape(), 0);
    ValueRange results = b.loop(b.index(shape[0]), {indices, counts}, suppress);
    indices = results[0];
    counts = results[1];
    rewriter.replaceOp(op, {gatherKept(rewriter, loc, op.getBoxes(), indices,
                                       op.getKept().getType()),
                            gatherKept(rewriter, loc, op.getScores(), indices,
                                       op.getKeptScores().getType()),
                            indices, counts});
    return success();
  }
};

} // namespace

void mlmodel::mil::populateSelectionPatterns(RewritePatternSet &patterns) {
  addEmitter<ArgsortOp>(patterns, lowerArgsort);
  patterns.add<TopkPattern, NonMaximumSuppressionPattern>(
      patterns.getContext());
}
