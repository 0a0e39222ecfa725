//===- RangeCode.cpp - Code for a range of sizes --------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RangeCode.h"
#include "CompileModule.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include <cstring>
#include <set>

using namespace mlir;
using namespace mlmodel;

/// Sizes that lower in as many ways, such as odd and even ones, get code of
/// their own; all others are compiled by themselves.
constexpr size_t kMostCodes = 4;

/// Samples besides the first: at least so many, and as many as may be needed to
/// tell apart numbers that are equal by chance in some of them.
constexpr size_t kLeastSamples = 2, kMostSamples = 5;

/// How many samples may turn out to lower in another way before the search
/// ends, and how often it may fail.
constexpr unsigned kMostTries = 6, kMostFailures = 3;

/// Tables that depend on sizes, such as how many elements each window of a mean
/// covers, are small; weights are not.
constexpr uint64_t kMostTableBytes = 1 << 20;

/// By how much sizes of samples differ from the first one: by numbers that
/// share no factor, so that nothing is equal by chance, where the network works
/// for them; and by numbers that sizes of the same kind differ by.
constexpr int64_t kMixedOffsets[] = {37, 20, 51, 36, 67, 34, 99, 64, 83, 32,
                                     35, 96, 7,  16, 5,  8,  3,  4,  2,  1};
/// How far apart in that list different sizes of one sample are: what follows
/// from them, such as their halves, is to differ as well.
constexpr size_t kApart = 3;
constexpr int64_t kEvenOffsets[] = {32, 64, 96, 16, 48, 8, 24, 4, 2, 1};

using Shapes = llvm::SmallVector<llvm::SmallVector<int64_t>>;

static constexpr const char *kOtherWay =
    " is lowered in another way for other sizes";
static constexpr const char *kOtherWeights =
    "weights are laid out in another way for other sizes";

/// The first layer at \p loc.
static std::optional<StringRef> findLayer(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().getValue();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (auto layer = findLayer(part))
        return layer;
  return std::nullopt;
}

static std::string describe(Location loc) {
  auto layer = findLayer(loc);
  return layer ? ("layer '" + *layer + "'").str() : "the network";
}

/// A lowered size.
struct RangeCode::Sample {
  LoweredStage lowered;
  Skeleton skeleton;
  /// mlmodel.typical_sizes of its main function.
  Attribute typicalSizes;

  explicit Sample(LoweredStage made)
      : lowered(std::move(made)), skeleton(*lowered.module),
        typicalSizes(
            lowered.module->lookupSymbol<func::FuncOp>("main")->getAttr(
                kTypicalSizesAttrName)) {}
};

/// Code and the sample that it was made of.
struct RangeCode::Code {
  std::unique_ptr<Sample> reference;
  OpenNumbers numbers;
  /// The weights that are tables.
  llvm::SmallVector<unsigned> tables;
  std::shared_ptr<Engine> engine;

  std::optional<CompiledStage::Sizes> read(const Sample &sample,
                                           std::string &problem) const;
};

RangeCode::RangeCode(NetworkOp network, StringRef fileName,
                     const LoadOptions &options, CodeCache *cache)
    : network(network), fileName(fileName), options(options), cache(cache),
      declared(getDeclaredBlobs(network->getParentOfType<ModelOp>())) {}
RangeCode::~RangeCode() = default;

//===----------------------------------------------------------------------===//
// Which sizes
//===----------------------------------------------------------------------===//

bool RangeCode::isMeantFor(ArrayRef<SmallVector<int64_t>> shapes) const {
  if (!options.shareCode || shapes.size() != declared.shapes.size())
    return false;
  bool isDefault = true;
  for (auto [input, shape] : llvm::enumerate(shapes)) {
    ArrayRef<int64_t> standard = declared.shapes[input];
    if (standard.size() != shape.size())
      return false;
    for (auto [axis, size] : llvm::enumerate(shape)) {
      if (size == standard[axis])
        continue;
      isDefault = false;
      if (llvm::none_of(declared.open,
                        [&, axis = axis, input = input](const OpenAxis &open) {
                          return open.input == input && open.axis == axis;
                        }))
        return false;
    }
  }
  return !isDefault;
}

/// \p shapes with open size \p axis moved by \p offset, or by as much the other
/// way, if the range allows that.
static std::optional<Shapes> moveSize(const Shapes &shapes,
                                      const OpenAxis &axis, int64_t offset) {
  Shapes moved = shapes;
  int64_t &size = moved[axis.input][axis.axis];
  for (int64_t way : {offset, -2 * offset}) {
    size += way;
    if (size >= std::max<int64_t>(axis.lower, 2) &&
        (axis.upper < 0 || size <= axis.upper))
      return moved;
  }
  return std::nullopt;
}

/// Even and odd \p sizes in turns, as long as there are both.
static std::vector<int64_t> alternate(ArrayRef<int64_t> sizes) {
  std::vector<int64_t> kinds[2], result;
  for (int64_t size : sizes)
    kinds[size % 2].push_back(size);
  for (size_t i = 0; i < sizes.size(); ++i)
    for (const std::vector<int64_t> &kind : kinds)
      if (i < kind.size())
        result.push_back(kind[i]);
  return result;
}

/// Sizes near \p shapes for which the network works, all open sizes differing
/// from one to the next and from each other where that is possible.
std::vector<Shapes> RangeCode::chooseSamples(const Shapes &shapes,
                                             ArrayRef<int64_t> offsets,
                                             const Stage &like) {
  // What each size can be with the others as they are.
  std::vector<std::vector<int64_t>> sizes;
  for (const OpenAxis &axis : declared.open) {
    sizes.emplace_back();
    for (int64_t offset : offsets)
      if (auto moved = moveSize(shapes, axis, offset);
          moved && tryPlan(*moved, like))
        sizes.back().push_back((*moved)[axis.input][axis.axis]);
    sizes.back() = alternate(sizes.back());
  }
  std::vector<Shapes> samples;
  auto add = [&](const Shapes &sample) {
    if (!llvm::is_contained(samples, sample) && tryPlan(sample, like))
      samples.push_back(sample);
  };
  for (size_t k = 0; k < offsets.size(); ++k) {
    Shapes sample = shapes;
    for (auto [i, axis] : llvm::enumerate(declared.open))
      if (!sizes[i].empty())
        sample[axis.input][axis.axis] =
            sizes[i][(k + kApart * i) % sizes[i].size()];
    add(sample);
  }
  // Sizes that have to agree.
  for (int64_t offset : offsets) {
    std::optional<Shapes> sample = shapes;
    for (const OpenAxis &axis : declared.open)
      sample = sample ? moveSize(*sample, axis, offset) : std::nullopt;
    if (sample)
      add(*sample);
  }
  llvm::erase(samples, shapes);
  return samples;
}

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

static bool areSame(const CompiledStage::Weight &a,
                    const CompiledStage::Weight &b) {
  return a.shape == b.shape && a.bytes.size() == b.bytes.size() &&
         (a.bytes.data() == b.bytes.data() ||
          std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0);
}

/// The weights of \p b that are not those of \p a: tables that the compiler has
/// made for the size. Nothing if they are too many for that.
static std::optional<llvm::SmallVector<unsigned>>
findTables(const CompiledStage &a, const CompiledStage &b) {
  llvm::SmallVector<unsigned> tables;
  uint64_t bytes = 0;
  if (a.weights.size() != b.weights.size())
    return std::nullopt;
  for (auto [i, mine, its] : llvm::enumerate(a.weights, b.weights)) {
    if (mine.width != its.width)
      return std::nullopt;
    if (areSame(mine, its))
      continue;
    tables.push_back(i);
    bytes += its.bytes.size();
  }
  if (bytes > kMostTableBytes)
    return std::nullopt;
  return tables;
}

/// The network's first stage for \p shapes, if the network works for them and
/// is cut at the same place as \p like.
std::optional<StagePlan> RangeCode::tryPlan(const Shapes &shapes,
                                            const Stage &like) {
  auto views = [&](Value value) {
    auto argument = cast<BlockArgument>(value);
    return TensorView{nullptr, shapes[argument.getArgNumber()]};
  };
  Operation &first = network.getBody().front().front();
  llvm::Expected<StagePlan> plan =
      planStage(network, &first, views, options, fileName);
  if (!plan) {
    llvm::consumeError(plan.takeError());
    return std::nullopt;
  }
  if (plan->stage->next != like.next || plan->stage->inputs != like.inputs ||
      plan->stage->outputs != like.outputs || plan->stage->needsPlan ||
      !plan->stage->constants.empty())
    return std::nullopt;
  return std::move(*plan);
}

/// Lowers another size.
std::unique_ptr<RangeCode::Sample>
RangeCode::tryShapes(const Shapes &shapes, const Stage &like,
                     Attribute typicalSizes) {
  std::optional<StagePlan> plan = tryPlan(shapes, like);
  if (!plan)
    return nullptr;
  llvm::Expected<LoweredStage> lowered =
      lowerStage(*plan, options, fileName, typicalSizes);
  if (!lowered) {
    llvm::consumeError(lowered.takeError());
    return nullptr;
  }
  return std::make_unique<Sample>(std::move(*lowered));
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

/// The shapes of \p a, dynamic where those of \p b differ.
static void openShapes(std::vector<CompiledStage::Shape> &a,
                       const std::vector<CompiledStage::Shape> &b) {
  for (auto [mine, its] : llvm::zip(a, b))
    for (auto [size, other] : llvm::zip(mine, its))
      if (size != other)
        size = ShapedType::kDynamic;
}

llvm::Expected<std::unique_ptr<RangeCode::Code>>
RangeCode::create(const Shapes &shapes, ArrayRef<Shapes> others,
                  const Stage &like) {
  std::unique_ptr<Sample> first =
      tryShapes(shapes, like, UnitAttr::get(network.getContext()));
  if (!first)
    return nullptr;
  const Sample &reference = *first;
  std::vector<std::unique_ptr<Sample>> found;
  std::vector<const Skeleton *> samples{&reference.skeleton};
  std::set<unsigned> tables;
  unsigned left = kMostTries;
  for (const Shapes &candidate : others) {
    if (left == 0)
      break;
    auto sample = tryShapes(candidate, like, reference.typicalSizes);
    if (!sample)
      continue;
    if (Operation *op = reference.skeleton.findDifference(sample->skeleton)) {
      problem = describe(op->getLoc()) + kOtherWay;
      --left;
      continue;
    }
    auto own = findTables(reference.lowered.stage, sample->lowered.stage);
    if (!own) {
      problem = kOtherWeights;
      --left;
      continue;
    }
    tables.insert(own->begin(), own->end());
    samples.push_back(&sample->skeleton);
    found.push_back(std::move(sample));
    if (found.size() == kMostSamples)
      break;
  }
  if (found.size() < kLeastSamples) {
    if (problem.empty())
      problem = "too few other sizes work";
    return nullptr;
  }
  problem.clear();
  auto code =
      std::make_unique<Code>(Code{std::move(first), OpenNumbers(samples),
                                  llvm::to_vector(tables), nullptr});
  LoweredStage lowered{code->reference->lowered.module->clone(),
                       code->reference->lowered.stage};
  for (const auto &sample : found) {
    openShapes(lowered.stage.inputs, sample->lowered.stage.inputs);
    openShapes(lowered.stage.outputs, sample->lowered.stage.outputs);
  }
  lowered.stage.numParameters = code->numbers.getNumParameters();
  if (lowered.stage.numParameters == 0) {
    problem = "no number depends on the sizes";
    return nullptr;
  }
  DiagnosticCollector diagnostics(network.getContext());
  if (failed(openSizes(*lowered.module, Skeleton(*lowered.module),
                       code->numbers))) {
    problem = llvm::toString(diagnostics.takeError(fileName));
    return nullptr;
  }
  llvm::Expected<std::shared_ptr<Engine>> engine =
      makeEngine(std::move(lowered), options, fileName, cache);
  if (!engine)
    return engine.takeError();
  code->engine = std::move(*engine);
  return std::move(code);
}

/// What the code is told for the size of \p sample; nothing if it does not
/// serve it.
std::optional<CompiledStage::Sizes>
RangeCode::Code::read(const Sample &sample, std::string &problem) const {
  const CompiledStage &stage = sample.lowered.stage;
  auto found = findTables(reference->lowered.stage, stage);
  auto isTable = [&](unsigned weight) {
    return llvm::is_contained(tables, weight);
  };
  Operation *misfit = nullptr;
  auto parameters = numbers.read(reference->skeleton, sample.skeleton, misfit);
  if (!parameters) {
    problem = describe(misfit->getLoc()) + kOtherWay;
    return std::nullopt;
  }
  if (!found || !llvm::all_of(*found, isTable)) {
    problem = kOtherWeights;
    return std::nullopt;
  }
  CompiledStage::Sizes sizes{stage.inputs,
                             stage.outputs,
                             stage.arenaBytes,
                             std::move(*parameters),
                             {}};
  for (unsigned weight : tables)
    sizes.tables.push_back({weight, stage.weights[weight].bytes.vec()});
  return sizes;
}

llvm::Expected<bool> RangeCode::bind(StagePlan &plan,
                                     ArrayRef<SmallVector<int64_t>> shapes) {
  Stage &stage = *plan.stage;
  bool callsHost =
      plan.module->walk([](CustomOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  if (stage.needsPlan || !stage.constants.empty() || stage.outputs.empty() ||
      callsHost)
    return false;
  Shapes all(shapes);
  auto serve = [&](Code &code) {
    std::unique_ptr<Sample> sample =
        tryShapes(all, stage, code.reference->typicalSizes);
    if (!sample)
      return false;
    stage.sizes = code.read(*sample, problem);
    if (stage.sizes) {
      stage.engine = code.engine;
      problem.clear();
    }
    return stage.sizes.has_value();
  };
  for (const std::unique_ptr<Code> &code : codes)
    if (serve(*code))
      return true;
  if (codes.size() == kMostCodes || failures == kMostFailures)
    return false;
  auto add = [&](const Shapes &base,
                 ArrayRef<Shapes> others) -> llvm::Expected<bool> {
    llvm::Expected<std::unique_ptr<Code>> made = create(base, others, stage);
    if (!made)
      return made.takeError();
    if (!*made)
      return false;
    codes.push_back(std::move(*made));
    return true;
  };
  // The first code is to serve the most: it is made for sizes that are near the
  // default ones and have little in common.
  if (codes.empty()) {
    Shapes standard(declared.shapes.begin(), declared.shapes.end());
    std::vector<Shapes> samples = chooseSamples(standard, kMixedOffsets, stage);
    if (!samples.empty()) {
      llvm::Expected<bool> isAdded =
          add(samples.front(), ArrayRef(samples).drop_front());
      if (!isAdded)
        return isAdded.takeError();
      if (*isAdded && serve(*codes.back()))
        return true;
    }
  }
  llvm::Expected<bool> isAdded =
      add(all, chooseSamples(all, kEvenOffsets, stage));
  if (!isAdded)
    return isAdded.takeError();
  if (*isAdded && serve(*codes.back()))
    return true;
  ++failures;
  return false;
}
