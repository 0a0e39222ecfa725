//===- MixedBits.cpp - As few bits as a target allows ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MixedBits.h"
#include "MLModel/Support/Errors.h"
#include "Sensitivity.h"

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::Twine;

namespace {
/// One way to store a weight: by the scheme, or as it is.
struct Level {
  bool isCompressed = false;
  WeightScheme scheme;
  uint64_t bytes = 0;
  double noise = 0;
};

/// A step of one weight from a level to the next.
struct Upgrade {
  size_t weight = 0, level = 0;
  uint64_t bytes = 0;
  /// Noise saved per byte.
  double gain = 0;
};

class BitSearch {
public:
  BitSearch(CompressionPlan &plan, OutputProbe &probe, const BitTarget &target)
      : plan(plan), probe(probe), target(target) {}

  /// Measures all levels and puts the upgrades in order.
  Error prepare();
  /// As many upgrades as fit into \p bytes of weights.
  Error fitBytes(uint64_t bytes);
  /// As few upgrades as reach the SNR.
  Error reachSnr();
  /// The SNR of the outputs at the present levels.
  Expected<double> measure();
  /// Writes the levels into the plan.
  void finish();

private:
  std::vector<size_t> getLevels(size_t upgrades) const;

  CompressionPlan &plan;
  OutputProbe &probe;
  const BitTarget &target;
  /// Of each weight, from few bytes to many.
  std::vector<std::vector<Level>> levels;
  std::vector<Upgrade> upgrades;
  /// The level of each weight that is wanted, and the one that the probe has.
  std::vector<size_t> chosen;
  std::vector<std::optional<size_t>> inProbe;
};
} // namespace

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

/// Leaves the lower convex hull: each step saves less noise per byte than the
/// one before.
static void keepHull(std::vector<Level> &levels) {
  llvm::stable_sort(levels, [](const Level &a, const Level &b) {
    return std::tie(a.bytes, a.noise) < std::tie(b.bytes, b.noise);
  });
  std::vector<Level> hull;
  auto slope = [](const Level &a, const Level &b) {
    return (a.noise - b.noise) / double(b.bytes - a.bytes);
  };
  for (Level &level : levels) {
    if (!hull.empty() &&
        (level.bytes == hull.back().bytes || level.noise >= hull.back().noise))
      continue;
    while (hull.size() > 1 && slope(hull[hull.size() - 2], hull.back()) <=
                                  slope(hull.back(), level))
      hull.pop_back();
    hull.push_back(std::move(level));
  }
  levels = std::move(hull);
}

static bool hasWidth(const WeightScheme &scheme) {
  switch (scheme.method) {
  case CompressionMethod::Linear:
  case CompressionMethod::LinearSymmetric:
  case CompressionMethod::KMeans:
  case CompressionMethod::Uniform:
    return true;
  default:
    return false;
  }
}

Error BitSearch::prepare() {
  for (const PlannedWeight &planned : plan.weights)
    if (!hasWidth(planned.scheme))
      return makeError(ExitCode::Usage,
                       planned.slot.describe() + ": " +
                           getMethodName(planned.scheme.method) +
                           " has no width to choose for a target");
  auto getSchemes = [&](const PlannedWeight &planned) {
    std::vector<WeightScheme> schemes;
    for (unsigned width : target.bits) {
      WeightScheme scheme = planned.scheme;
      scheme.bits = width;
      if (llvm::Error error = scheme.check())
        llvm::consumeError(std::move(error));
      else
        schemes.push_back(scheme);
    }
    return schemes;
  };
  Expected<std::vector<WeightTrials>> trials =
      measureSensitivity(probe, plan, getSchemes, target.quiet);
  if (!trials)
    return trials.takeError();
  for (auto [planned, row] : llvm::zip_equal(plan.weights, *trials)) {
    WeightsAttr weights = planned.slot.get();
    uint64_t width = getStorage(weights) == WeightStorage::Float16 ? 2 : 4;
    std::vector<Level> &list = levels.emplace_back();
    list.push_back({false, {}, planned.layout.getNumElements() * width, 0});
    for (const SensitivityTrial &trial : row)
      list.push_back(
          {true, trial.scheme, trial.bytes, trial.output.getNoise()});
    keepHull(list);
  }
  for (auto [weight, list] : llvm::enumerate(levels))
    for (size_t i = 1; i < list.size(); ++i) {
      uint64_t bytes = list[i].bytes - list[i - 1].bytes;
      upgrades.push_back(
          {weight, i, bytes, (list[i - 1].noise - list[i].noise) / bytes});
    }
  llvm::stable_sort(upgrades, [](const Upgrade &a, const Upgrade &b) {
    return a.gain > b.gain;
  });
  chosen.assign(levels.size(), 0);
  inProbe.resize(levels.size());
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Search
//===----------------------------------------------------------------------===//

Error BitSearch::fitBytes(uint64_t bytes) {
  uint64_t used = 0;
  for (const std::vector<Level> &list : levels)
    used += list.front().bytes;
  if (used > bytes)
    return makeError(ExitCode::Limit,
                     "--target-size: the weights need at least " + Twine(used) +
                         " bytes, but only " + Twine(bytes) +
                         " are left for them");
  for (const Upgrade &upgrade : upgrades) {
    // A weight whose last step did not fit stays; smaller ones may fit yet.
    if (chosen[upgrade.weight] + 1 != upgrade.level ||
        upgrade.bytes > bytes - used)
      continue;
    used += upgrade.bytes;
    chosen[upgrade.weight] = upgrade.level;
  }
  return Error::success();
}

std::vector<size_t> BitSearch::getLevels(size_t count) const {
  std::vector<size_t> result(levels.size(), 0);
  for (const Upgrade &upgrade : llvm::ArrayRef(upgrades).take_front(count))
    result[upgrade.weight] = upgrade.level;
  return result;
}

Error BitSearch::reachSnr() {
  // All upgrades leave every weight as it is, without any noise.
  size_t low = 0, high = upgrades.size();
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    chosen = getLevels(middle);
    Expected<double> snr = measure();
    if (!snr)
      return snr.takeError();
    if (*snr >= *target.snrDb)
      high = middle;
    else
      low = middle + 1;
  }
  chosen = getLevels(high);
  return Error::success();
}

Expected<double> BitSearch::measure() {
  for (auto [weight, level] : llvm::enumerate(chosen)) {
    if (inProbe[weight] == level)
      continue;
    inProbe[weight] = level;
    const Level &wanted = levels[weight][level];
    if (!wanted.isCompressed) {
      probe.reset(weight);
      continue;
    }
    Expected<TrialResult> trial =
        tryScheme(plan.weights[weight], wanted.scheme);
    if (!trial)
      return trial.takeError();
    probe.set(weight, trial->values);
  }
  Expected<OutputError> output = probe.measure();
  if (!output)
    return output.takeError();
  return output->snrDb;
}

void BitSearch::finish() {
  std::vector<PlannedWeight> kept;
  for (auto [planned, list, level] : llvm::zip(plan.weights, levels, chosen)) {
    if (!list[level].isCompressed) {
      plan.skipped.push_back(
          {planned.slot.getLayerName().str(), planned.slot.getLayerKind().str(),
           planned.slot.getField(), "left by the search for the target"});
      continue;
    }
    planned.scheme = list[level].scheme;
    kept.push_back(planned);
  }
  plan.weights = std::move(kept);
}

/// What a quantized weight takes in the file beside its bytes, at most: tags
/// and lengths of two messages and four fields, and the width.
static constexpr uint64_t kMessageBytes = 40;

Expected<double> mlmodel::chooseBits(mlir::ModuleOp module,
                                     CompressionPlan &plan,
                                     const BitTarget &target,
                                     uint64_t fileBytes) {
  Expected<std::unique_ptr<OutputProbe>> probe =
      OutputProbe::create(module, plan, target.inputs, target.run);
  if (!probe)
    return probe.takeError();
  BitSearch search(plan, **probe, target);
  if (Error error = search.prepare())
    return std::move(error);
  if (target.snrDb) {
    if (Error error = search.reachSnr())
      return std::move(error);
  } else {
    uint64_t other = fileBytes;
    for (const PlannedWeight &planned : plan.weights) {
      std::vector<char> storage;
      other -= getRawBytes(planned.slot.get().getData(), storage)->size();
      other += kMessageBytes;
    }
    uint64_t room = *target.fileBytes > other ? *target.fileBytes - other : 0;
    if (Error error = search.fitBytes(room))
      return std::move(error);
  }
  Expected<double> snr = search.measure();
  if (!snr)
    return snr.takeError();
  search.finish();
  return *snr;
}
