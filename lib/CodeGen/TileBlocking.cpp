//===- TileBlocking.cpp - Which part of a reduction at a time -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileBlocking.h"

using namespace mlir;
using namespace mlmodel;

/// Bytes of a block's panel, and of the sums that wait meanwhile: together with
/// what the panel is combined with, rows of cache lines that are used in part,
/// they fill the first-level cache of most processors.
static constexpr int64_t kPanelBytes = 8 << 10, kSumsBytes = 16 << 10;
/// The same for panels that have to be computed, for which more is at hand: all
/// of their vectors are used, one after the other.
static constexpr int64_t kComputedBytes = 16 << 10;
/// Fewer terms than these are not worth loading and storing the sums.
static constexpr int64_t kLeastTerms = 48;
/// More lines than these a tile does not ask for.
static constexpr int64_t kMostStreamed = 32;
/// As many rows as these a processor follows by itself, or nearly so.
static constexpr int64_t kLeastFarRows = 16;

LoopOrder::LoopOrder(const LoopNest &nest, const TilePlan &plan) {
  const LoopNest::Operand *vectors =
      llvm::find_if(nest.inputs, [&](const LoopNest::Operand &input) {
        Motion motion = nest.getMotion(input, plan.lanesLoop);
        return motion != Motion::Still && motion != Motion::Other;
      });
  SmallVector<unsigned> others, rows;
  for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
    if (!nest.isResultLoop(loop))
      terms.push_back(loop);
    else if (plan.getRows(loop))
      rows.push_back(loop);
    else if (LoopNest::dependsOn(*vectors, loop))
      results.push_back(loop);
    else
      others.push_back(loop);
  }
  numVectorLoops = results.size();
  llvm::append_range(results, others);
  llvm::append_range(results, rows);
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

/// Whether \p operand moves with none of \p loops.
static bool isStill(const LoopNest::Operand &operand,
                    ArrayRef<unsigned> loops) {
  return llvm::none_of(
      loops, [&](unsigned loop) { return LoopNest::dependsOn(operand, loop); });
}

/// Leaves in \p panel what its value needs.
static void keepSlice(Panel &panel) {
  llvm::SmallPtrSet<Operation *, 16> needed{panel.value.getDefiningOp()};
  SmallVector<Operation *> slice;
  for (Operation *inner : llvm::reverse(panel.ops)) {
    if (!needed.contains(inner))
      continue;
    slice.push_back(inner);
    for (Value operand : inner->getOperands())
      needed.insert(operand.getDefiningOp());
    bool isOwn = inner->getResult(0) == panel.value ||
                 llvm::all_of(inner->getUsers(), [&](Operation *user) {
                   return panel.own.contains(user);
                 });
    if (isOwn)
      panel.own.insert(inner);
  }
  panel.ops.assign(slice.rbegin(), slice.rend());
}

Panel mlmodel::findPanel(linalg::LinalgOp op, const LoopNest &nest,
                         unsigned lanesLoop, ArrayRef<unsigned> sharing) {
  Block *body = op.getBlock();
  // Values that all sharing tiles have in common, and those that move with the
  // lanes among them.
  llvm::SmallPtrSet<Value, 16> common, vectors;
  for (auto [input, argument] : llvm::zip(nest.inputs, body->getArguments())) {
    if (!isStill(input, sharing))
      continue;
    common.insert(argument);
    if (LoopNest::dependsOn(input, lanesLoop))
      vectors.insert(argument);
  }
  Panel panel;
  for (Operation &inner : body->without_terminator()) {
    auto index = dyn_cast<linalg::IndexOp>(inner);
    bool isCommon =
        inner.getNumResults() == 1 &&
        (!index || !llvm::is_contained(sharing, index.getDim())) &&
        llvm::all_of(inner.getOperands(), [&](Value value) {
          return common.contains(value) ||
                 !op->getRegion(0).isAncestor(value.getParentRegion());
        });
    if (!isCommon)
      continue;
    panel.ops.push_back(&inner);
    Value result = inner.getResult(0);
    common.insert(result);
    if (llvm::any_of(inner.getOperands(),
                     [&](Value value) { return vectors.contains(value); }))
      vectors.insert(result);
  }
  for (Operation *inner : panel.ops) {
    Value result = inner->getResult(0);
    bool isNeeded = llvm::any_of(result.getUsers(), [&](Operation *user) {
      return user->getNumResults() == 0 || !common.contains(user->getResult(0));
    });
    if (!isNeeded || !vectors.contains(result))
      continue;
    // One vector per term is all that there is room for.
    if (panel.value || !result.getType().isF32())
      return {};
    panel.value = result;
  }
  if (!panel.value)
    return {};
  keepSlice(panel);
  return panel;
}

/// The panel that copies the only vectors of \p op, if the tiles share them.
static Panel findCopiedPanel(linalg::LinalgOp op, const LoopNest &nest,
                             const TilePlan &plan, int64_t numTiles) {
  std::optional<unsigned> copied = findCopiedInput(nest, plan);
  if (!copied || numTiles < kLeastCopySharing)
    return {};
  return {op.getBlock()->getArgument(*copied), {}, {}};
}

/// Whether nothing but the codes moves with their terms in \p panel: it then
/// can be computed for whole groups of terms, beyond the last one.
bool mlmodel::isOfWholeGroups(const Panel &panel, linalg::LinalgOp op,
                              const LoopNest &nest, const TileCodes &codes) {
  for (auto [i, input] : llvm::enumerate(nest.inputs)) {
    if (i == codes.words->getOperandNumber() ||
        !LoopNest::dependsOn(input, codes.termLoop))
      continue;
    for (Operation *user : op.getBlock()->getArgument(i).getUsers())
      if (llvm::is_contained(panel.ops, user))
        return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//
/// Whether tiles read a few elements of a cache line for each term, other than
/// windows do: the next tile needs the same lines again.
static bool readsLines(const LoopNest &nest, const TilePlan &plan,
                       ArrayRef<unsigned> terms) {
  return terms.size() == 1 &&
         llvm::any_of(nest.inputs, [&](const LoopNest::Operand &input) {
           return nest.getMotion(input, terms.front()) == Motion::Other &&
                  llvm::any_of(plan.rows, [&](const Unrolled &rows) {
                    return nest.getMotion(input, rows.loop) ==
                           Motion::Contiguous;
                  });
         });
}

Blocking mlmodel::planBlocking(linalg::LinalgOp op, const LoopNest &nest,
                               const RegisterFile &registers,
                               const TilePlan &plan, const LoopOrder &order,
                               const std::optional<TileCodes> &codes) {
  auto sharing = ArrayRef(order.results).drop_front(order.numVectorLoops);
  auto isOpen = [&](unsigned loop) { return nest.isOpen(loop); };
  if (!plan.lanesAreResults || sharing.empty() ||
      llvm::any_of(order.terms, isOpen))
    return {};
  Blocking blocking;
  int64_t tiles = 1, results = 1, inner = 1;
  for (unsigned loop : sharing) {
    const Unrolled *rows = plan.getRows(loop);
    tiles *= llvm::divideCeil(nest.sizes[loop], rows ? rows->steps : 1);
    results *= nest.sizes[loop];
  }
  if (tiles < kLeastSharing)
    return {};
  for (unsigned loop : ArrayRef(order.terms).drop_front())
    inner *= nest.sizes[loop];

  blocking.panel = findPanel(op, nest, plan.lanesLoop, sharing);
  if (codes && (!blocking.panel.value ||
                !isOfWholeGroups(blocking.panel, op, nest, *codes)))
    return {};
  int64_t width = plan.vectors * registers.lanes * sizeof(float);
  int64_t size = nest.sizes[order.terms.front()];
  // What has to be computed is computed once, if the second-level cache holds
  // it. Nor are blocks needed where windows overlap: terms of several loops use
  // a line of the image several times before the next.
  bool isSmall = size * inner * width <= kKeptBytes;
  if (!blocking.panel.value && isSmall)
    blocking.panel = findCopiedPanel(op, nest, plan, tiles);
  bool isComputed =
      blocking.panel.value && !isa<BlockArgument>(blocking.panel.value);
  bool isKept = (blocking.panel.value || inner > 1) && isSmall &&
                !(isComputed && readsLines(nest, plan, order.terms));
  int64_t bytes = isComputed ? kComputedBytes : kPanelBytes;
  int64_t most = isKept ? size : std::max<int64_t>(1, bytes / (width * inner));
  blocking.numBlocks = llvm::divideCeil(size, most);
  blocking.block = llvm::alignTo(llvm::divideCeil(size, blocking.numBlocks),
                                 codes ? codes->group.getTerms() : 1);
  blocking.numBlocks = llvm::divideCeil(size, blocking.block);
  // Sums only wait in memory of known size.
  bool canWait = llvm::none_of(sharing.drop_front(), isOpen);
  if (!canWait && blocking.numBlocks > 1)
    return {};
  bool isWorthIt =
      blocking.numBlocks > 1 && blocking.block * inner >= kLeastTerms;
  if (!isWorthIt && !blocking.panel.value)
    return {};
  int64_t perStep = results / nest.sizes[sharing.front()] * width;
  blocking.chunk =
      std::clamp<int64_t>(kSumsBytes / perStep, 1, nest.sizes[sharing.front()]);
  return blocking;
}

bool mlmodel::sharesBetweenTerms(const LoopNest &nest, const TilePlan &plan,
                                 unsigned loop) {
  return llvm::any_of(nest.inputs, [&](const LoopNest::Operand &input) {
    return llvm::any_of(input.map.getResults(), [&](AffineExpr expr) {
      return expr.isFunctionOfDim(loop) &&
             llvm::any_of(plan.rows, [&](const Unrolled &rows) {
               return expr.isFunctionOfDim(rows.loop);
             });
    });
  });
}

//===----------------------------------------------------------------------===//
// Rows that come from far
//===----------------------------------------------------------------------===//

/// Whether just one tile reads its part of \p input.
static bool isOfOneTile(const LoopNest::Operand &input, const LoopNest &nest,
                        const TilePlan &plan, const LoopOrder &order) {
  return llvm::all_of(order.results, [&](unsigned loop) {
    const Unrolled *rows = plan.getRows(loop);
    return LoopNest::dependsOn(input, loop)
               ? !rows
               : nest.sizes[loop] <= (rows ? rows->steps : 1);
  });
}

std::optional<FarRows> mlmodel::findFarRows(const LoopNest &nest,
                                            const RegisterFile &registers,
                                            const TilePlan &plan,
                                            const LoopOrder &order) {
  int64_t width = plan.vectors * registers.lanes * sizeof(float);
  for (auto [i, input] : llvm::enumerate(nest.inputs)) {
    bool isCandidate =
        plan.lanesAreResults && isFar(input) &&
        isOfOneTile(input, nest, plan, order) &&
        nest.getMotion(input, plan.lanesLoop) == Motion::Contiguous;
    if (!isCandidate)
      continue;
    // Terms that walk along a row need no line of their own.
    ArrayRef<unsigned> loops = order.terms;
    while (!loops.empty() &&
           nest.getMotion(input, loops.back()) == Motion::Contiguous)
      loops = loops.drop_back();
    int64_t rows = 1;
    for (unsigned loop : loops)
      rows *= nest.sizes[loop];
    if (rows >= kLeastFarRows && rows * width <= kKeptBytes)
      return FarRows{unsigned(i), loops.size()};
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Streams of weights
//===----------------------------------------------------------------------===//

/// How many panels \p nest has, one for each tile of lanes of each step of the
/// other loops that the vectors depend on.
static int64_t countPanels(const LoopNest &nest, const TilePlan &plan,
                           const LoopOrder &order, int64_t width) {
  int64_t panels = 1;
  for (unsigned loop : ArrayRef(order.results).take_front(order.numVectorLoops))
    panels *= loop == plan.lanesLoop ? llvm::divideCeil(nest.sizes[loop], width)
                                     : nest.sizes[loop];
  return panels;
}

std::optional<Stream> mlmodel::findStream(const LoopNest &nest,
                                          const RegisterFile &registers,
                                          const TilePlan &plan,
                                          const LoopOrder &order,
                                          const Blocking &blocking) {
  auto sharing = ArrayRef(order.results).drop_front(order.numVectorLoops);
  if (!plan.lanesAreResults || sharing.empty() || nest.open.any())
    return std::nullopt;
  int64_t width = plan.vectors * registers.lanes;
  int64_t blocks = std::max<int64_t>(1, blocking.numBlocks);
  int64_t rows = 1, tileRows = 1;
  for (unsigned loop : sharing)
    rows *= nest.sizes[loop];
  if (blocks > 1)
    rows = rows / nest.sizes[sharing.front()] * blocking.chunk;
  for (const Unrolled &unrolled : plan.rows)
    tileRows *= unrolled.steps;
  blocks *= countPanels(nest, plan, order, width);
  for (auto [i, input] : llvm::enumerate(nest.inputs)) {
    bool isPacked = input.element.isF32() &&
                    nest.getMotion(input, plan.lanesLoop) == Motion::Blocked &&
                    getBlockSize(input, plan.lanesLoop) == width &&
                    LoopNest::dependsOn(input, order.terms.front());
    if (!isPacked)
      continue;
    int64_t lines = llvm::divideCeil(ShapedType::getNumElements(input.shape),
                                     blocks * kLineFloats);
    Stream stream{unsigned(i), lines, rows};
    if (stream.getShare(tileRows) <= kMostStreamed)
      return stream;
  }
  return std::nullopt;
}

std::optional<LoneStream> mlmodel::findLoneStream(const LoopNest &nest,
                                                  const RegisterFile &registers,
                                                  const TilePlan &plan,
                                                  const LoopOrder &order) {
  auto sharing = ArrayRef(order.results).drop_front(order.numVectorLoops);
  bool isShared = llvm::any_of(
      sharing, [&](unsigned loop) { return nest.sizes[loop] > 1; });
  if (!plan.lanesAreResults || isShared || order.terms.size() != 1 ||
      nest.open.any())
    return std::nullopt;
  int64_t width = plan.vectors * registers.lanes;
  double steps = double(countPanels(nest, plan, order, width)) *
                 nest.sizes[order.terms.front()];
  for (auto [i, input] : llvm::enumerate(nest.inputs)) {
    Motion motion = nest.getMotion(input, plan.lanesLoop);
    if ((motion != Motion::Blocked && motion != Motion::Grouped) ||
        !isFar(input) || getBlockSize(input, plan.lanesLoop) != width)
      continue;
    int64_t elements = ShapedType::getNumElements(input.shape);
    int64_t bytes = getNumBytes(input) / elements;
    return LoneStream{unsigned(i), elements / steps,
                      kLineFloats * int64_t(sizeof(float)) / bytes};
  }
  return std::nullopt;
}
