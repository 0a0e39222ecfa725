//===- PlanCompression.cpp - Which weights are compressed, and how --------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Errors.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "llvm/Support/Regex.h"

using namespace mlir;
using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

namespace {
/// Options whose expressions are compiled and whose schemes are checked.
class Selection {
public:
  static Expected<Selection> create(const CompressionOptions &options);

  /// What holds for the weights of one layer.
  struct Choice {
    const WeightScheme *scheme = nullptr;
    int64_t minElements = 0;
    bool vectors = false;
    /// Why there is no scheme.
    StringRef keepReason;
  };
  Choice choose(StringRef layer, StringRef kind) const;

private:
  explicit Selection(const CompressionOptions &options) : options(options) {}
  Error checkSchemes() const;
  const CompressionRule *findByName(StringRef layer) const;
  const CompressionRule *findByKind(StringRef kind) const;

  const CompressionOptions &options;
  std::vector<llvm::Regex> skip, names;
};
} // namespace

static Error compile(const std::string &text, StringRef what,
                     std::vector<llvm::Regex> &compiled) {
  std::string problem;
  if (compiled.emplace_back(text).isValid(problem))
    return Error::success();
  return makeError(ExitCode::Usage,
                   what + ": '" + text +
                       "' is not a regular expression: " + problem);
}

Error Selection::checkSchemes() const {
  if (options.scheme)
    if (Error error = options.scheme->check())
      return error;
  for (const CompressionRule &rule :
       llvm::concat<const CompressionRule>(options.names, options.kinds))
    if (rule.scheme)
      if (Error error = rule.scheme->check())
        return addContext("'" + rule.pattern + "'", std::move(error));
  for (const CompressionRule &rule : options.kinds)
    if (!isCompressibleKind(rule.pattern))
      return makeError(ExitCode::Usage,
                       "'" + rule.pattern +
                           "' is no layer kind whose weights can be "
                           "compressed");
  return Error::success();
}

Expected<Selection> Selection::create(const CompressionOptions &options) {
  Selection selection(options);
  for (const std::string &text : options.skip)
    if (Error error = compile(text, "skip", selection.skip))
      return std::move(error);
  for (const CompressionRule &rule : options.names)
    if (Error error = compile(rule.pattern, "layer", selection.names))
      return std::move(error);
  if (Error error = selection.checkSchemes())
    return std::move(error);
  return std::move(selection);
}

const CompressionRule *Selection::findByName(StringRef layer) const {
  for (auto [regex, rule] : llvm::zip(names, options.names))
    if (regex.match(layer))
      return &rule;
  return nullptr;
}

const CompressionRule *Selection::findByKind(StringRef kind) const {
  for (const CompressionRule &rule : options.kinds)
    if (rule.pattern == kind)
      return &rule;
  return nullptr;
}

Selection::Choice Selection::choose(StringRef layer, StringRef kind) const {
  for (const llvm::Regex &regex : skip)
    if (regex.match(layer))
      return {nullptr, 0, options.vectors, "skipped by name"};
  Choice choice{options.scheme ? &*options.scheme : nullptr,
                options.minElements, options.vectors, "not chosen"};
  StringRef keepReason = "kept by name";
  const CompressionRule *rule = findByName(layer);
  if (!rule) {
    rule = findByKind(kind);
    keepReason = "kept by type";
  }
  if (!rule)
    return choice;
  return {rule->scheme ? &*rule->scheme : nullptr,
          rule->minElements.value_or(choice.minElements),
          rule->vectors.value_or(choice.vectors), keepReason};
}

/// Why the bytes of an int8 x int8 product cannot be put in \p slot, or "".
static std::string checkInt8Dynamic(const WeightSlot &slot) {
  StringRef kind = slot.getLayerKind();
  if (kind != "innerProduct" && kind != "batchedMatmul")
    return "int8-dynamic is for innerProduct and batchedMatmul";
  if (slot.getField() != "weights")
    return "int8-dynamic is for weights only";
  auto hasBias = slot.getLayer()->getAttrOfType<BoolAttr>("hasBias");
  if (hasBias && hasBias.getValue())
    return "the format allows int8-dynamic only without a bias";
  return "";
}

/// Why the weights in \p slot stay as they are, or "".
static std::string getKeepReason(const WeightSlot &slot,
                                 const Selection::Choice &choice) {
  WeightsAttr weights = slot.get();
  WeightStorage storage = getStorage(weights);
  if (storage != WeightStorage::Float32 && storage != WeightStorage::Float16)
    return "quantized already";
  if (!choice.scheme)
    return choice.keepReason.str();
  if (weights.getIsUpdatable() && weights.getIsUpdatable().getValue())
    return "updatable";
  if (weights.getData().getNumElements() < choice.minElements)
    return ("fewer than " + Twine(choice.minElements) + " values").str();
  if (choice.scheme->method == CompressionMethod::Int8Dynamic)
    return checkInt8Dynamic(slot);
  return "";
}

static void planLayer(LayerOpInterface layer, const Selection &selection,
                      CompressionPlan &plan) {
  for (const WeightSlot &slot : WeightSlot::findAll(layer)) {
    StringRef name = slot.getLayerName(), kind = slot.getLayerKind();
    Selection::Choice choice = selection.choose(name, kind);
    std::optional<WeightLayout> layout = getCompressibleLayout(slot);
    if (!layout || (layout->isVector && !choice.vectors) ||
        slot.get().getData().getNumElements() == 0)
      continue;
    std::string reason = getKeepReason(slot, choice);
    if (reason.empty())
      plan.weights.push_back({slot, std::move(*layout), *choice.scheme});
    else
      plan.skipped.push_back(
          {name.str(), kind.str(), slot.getField(), std::move(reason)});
  }
}

Expected<CompressionPlan>
mlmodel::planCompression(ModelOp model, const CompressionOptions &options) {
  Expected<Selection> selection = Selection::create(options);
  if (!selection)
    return selection.takeError();
  CompressionPlan plan;
  model.walk(
      [&](LayerOpInterface layer) { planLayer(layer, *selection, plan); });
  return plan;
}
