//===- FuseBatchnorm.cpp - Affine layers into the weights before ----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/FuseBatchnorm.h"
#include "MLModel/Dialect/MLModel/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MLModel/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MLModel/IR/LinearAlgebraOps.h"
#include "MLModel/Dialect/MLModel/IR/NormalizationOps.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/IR/Builders.h"
#include <cmath>

namespace mlmodel {
#define GEN_PASS_DEF_FUSEBATCHNORMPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {
/// y = factor[c] * x + offset[c]; one entry holds for all channels.
struct Affine {
  std::vector<double> factor{1.0}, offset{0.0};

  double getFactor(size_t c) const { return at(factor, c); }
  double getOffset(size_t c) const { return at(offset, c); }
  bool isUniform() const { return factor.size() == 1 && offset.size() == 1; }
  /// Only known to be true once shapes have been inferred.
  bool fits(size_t channels) const {
    return (factor.size() == 1 || factor.size() == channels) &&
           (offset.size() == 1 || offset.size() == channels);
  }
  bool hasOffset() const {
    return llvm::any_of(offset, [](double value) { return value != 0; });
  }

private:
  static double at(const std::vector<double> &values, size_t c) {
    return values.size() == 1 ? values[0] : values[c];
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Reading layers
//===----------------------------------------------------------------------===//

/// The values of plain float32 weights that may change; nothing with a reason
/// for others.
static std::optional<std::vector<double>>
readFloats(WeightsAttr weights, StringRef field, std::string &reason) {
  if (!weights || weights.getData().getNumElements() == 0) {
    reason = (field + " is not stored").str();
    return std::nullopt;
  }
  if (getStorage(weights) != WeightStorage::Float32) {
    reason = (field + " is not float32").str();
    return std::nullopt;
  }
  if (weights.getIsUpdatable() && weights.getIsUpdatable().getValue()) {
    reason = (field + " is updatable").str();
    return std::nullopt;
  }
  std::vector<float> values =
      decodeWeights(weights, weights.getData().getNumElements());
  return std::vector<double>(values.begin(), values.end());
}

/// Whether a blob of \p shape, as scale and bias layers give it, has one value
/// for all, or one for each channel: [1], [C], or ones around C before the last
/// two axes.
static bool isPerChannel(ArrayRef<int64_t> shape) {
  if (shape.size() <= 1)
    return true;
  size_t channels = shape.size() - 3;
  for (auto [i, size] : llvm::enumerate(shape))
    if (i != channels && size != 1)
      return false;
  return true;
}

static std::optional<Affine> readBatchnorm(BatchnormOp op,
                                           std::string &reason) {
  if (op.getComputeMeanVar() || op.getInstanceNormalization()) {
    reason = "its moments are computed";
    return std::nullopt;
  }
  auto gamma = readFloats(op.getGammaAttr(), "gamma", reason);
  auto beta = readFloats(op.getBetaAttr(), "beta", reason);
  auto mean = readFloats(op.getMeanAttr(), "mean", reason);
  auto variance = readFloats(op.getVarianceAttr(), "variance", reason);
  if (!gamma || !beta || !mean || !variance)
    return std::nullopt;
  double epsilon = op.getEpsilon() != 0 ? op.getEpsilon() : 1e-5f;
  Affine affine;
  size_t channels = gamma->size();
  affine.factor.resize(channels);
  affine.offset.resize(channels);
  for (size_t c = 0; c != channels; ++c) {
    affine.factor[c] = (*gamma)[c] / std::sqrt((*variance)[c] + epsilon);
    affine.offset[c] = (*beta)[c] - affine.factor[c] * (*mean)[c];
  }
  return affine;
}

/// Reads values per channel, with \p reason if they are something else.
static bool readPerChannel(WeightsAttr weights, ArrayRef<int64_t> shape,
                           StringRef field, std::vector<double> &values,
                           std::string &reason) {
  if (!isPerChannel(shape)) {
    reason = (field + " differs within a channel").str();
    return false;
  }
  auto read = readFloats(weights, field, reason);
  if (!read)
    return false;
  values = std::move(*read);
  return true;
}

/// What \p op computes, if it is a layer that can be fused; else nothing, with
/// a reason if it is of a kind that could be.
static std::optional<Affine> readAffine(Operation *op, std::string &reason) {
  if (auto batchnorm = dyn_cast<BatchnormOp>(op))
    return readBatchnorm(batchnorm, reason);
  Affine affine;
  if (auto scale = dyn_cast<ScaleOp>(op)) {
    if (!readPerChannel(scale.getScaleAttr(), scale.getShapeScale(), "scale",
                        affine.factor, reason))
      return std::nullopt;
    if (scale.getHasBias() &&
        !readPerChannel(scale.getBiasAttr(), scale.getShapeBias(), "bias",
                        affine.offset, reason))
      return std::nullopt;
    return affine;
  }
  auto bias = cast<BiasOp>(op);
  if (!readPerChannel(bias.getBiasAttr(), bias.getShape(), "bias",
                      affine.offset, reason))
    return std::nullopt;
  return affine;
}

//===----------------------------------------------------------------------===//
// Writing layers
//===----------------------------------------------------------------------===//

/// New float32 weights, or null if a value is not finite.
static WeightsAttr makeFloats(Operation *op, StringRef field,
                              ArrayRef<double> values) {
  MLIRContext *context = op->getContext();
  std::vector<uint8_t> bytes(values.size() * sizeof(float));
  for (auto [i, value] : llvm::enumerate(values)) {
    float rounded = static_cast<float>(value);
    if (!std::isfinite(rounded))
      return {};
    memcpy(bytes.data() + i * sizeof(float), &rounded, sizeof(float));
  }
  StringRef name = cast<LayerOpInterface>(op).getLayer().getName();
  return WeightsAttr::get(context,
                          makePayload(Float32Type::get(context),
                                      (name + "." + field).str(),
                                      std::move(bytes)),
                          Attribute(), BoolAttr());
}

/// a * c + b for each channel.
static std::vector<double> transform(ArrayRef<double> values,
                                     const Affine &affine) {
  std::vector<double> result(values.size());
  for (auto [c, value] : llvm::enumerate(values))
    result[c] = affine.getFactor(c) * value + affine.getOffset(c);
  return result;
}

/// Weights and bias of a layer whose outputs are \p channels.
template <typename OpT>
static bool applyToProduct(OpT op, size_t channels, const Affine &affine,
                           llvm::function_ref<size_t(size_t)> getChannel,
                           std::string &reason) {
  auto weights = readFloats(op.getWeightsAttr(), "weights", reason);
  std::optional<std::vector<double>> bias(std::in_place, channels, 0.0);
  if (op.getHasBias())
    bias = readFloats(op.getBiasAttr(), "bias", reason);
  if (!weights || !bias)
    return false;
  for (auto [i, value] : llvm::enumerate(*weights))
    value *= affine.getFactor(getChannel(i));
  WeightsAttr newWeights = makeFloats(op, "weights", *weights);
  WeightsAttr newBias = makeFloats(op, "bias", transform(*bias, affine));
  if (!newWeights || !newBias) {
    reason = "a weight would not be finite";
    return false;
  }
  op.setWeightsAttr(newWeights);
  if (op.getHasBias() || affine.hasOffset()) {
    op.setBiasAttr(newBias);
    op.setHasBiasAttr(BoolAttr::get(op.getContext(), true));
  }
  return true;
}

/// Weights are [outputs, kernelChannels, H, W]; of a deconvolution
/// [kernelChannels, outputs / groups, H, W], where the input channel tells the
/// group.
static bool apply(ConvolutionOp op, const Affine &affine, std::string &reason) {
  if (op->getNumOperands() != 1) {
    reason = "its weights are an input";
    return false;
  }
  size_t outputs = op.getOutputChannels();
  size_t count = op.getWeightsAttr().getData().getNumElements();
  if (!op.getIsDeconvolution())
    return applyToProduct(
        op, outputs, affine, [&](size_t i) { return i / (count / outputs); },
        reason);
  size_t groups = std::max<int64_t>(op.getNGroups(), 1);
  size_t inputs = op.getKernelChannels();
  size_t perGroup = outputs / groups;
  size_t kernel = count / (inputs * perGroup);
  auto getChannel = [&](size_t i) {
    size_t input = i / (kernel * perGroup);
    return input / (inputs / groups) * perGroup + i / kernel % perGroup;
  };
  return applyToProduct(op, outputs, affine, getChannel, reason);
}

static bool apply(InnerProductOp op, const Affine &affine,
                  std::string &reason) {
  // Up to rank 3 the outputs are the last axis, and channels another one.
  if (!affine.isUniform()) {
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type || type.getRank() < 4) {
      reason = type ? "the outputs of the inner product are not the channels"
                    : "the rank is not known; infer shapes first";
      return false;
    }
  }
  if (op.getInt8DynamicQuantize()) {
    reason = "weights is not float32";
    return false;
  }
  size_t inputs = op.getInputChannels();
  return applyToProduct(
      op, op.getOutputChannels(), affine, [&](size_t i) { return i / inputs; },
      reason);
}

static bool apply(BatchnormOp op, const Affine &affine, std::string &reason) {
  auto gamma = readFloats(op.getGammaAttr(), "gamma", reason);
  auto beta = readFloats(op.getBetaAttr(), "beta", reason);
  if (!gamma || !beta)
    return false;
  for (auto [c, value] : llvm::enumerate(*gamma))
    value *= affine.getFactor(c);
  WeightsAttr newGamma = makeFloats(op, "gamma", *gamma);
  WeightsAttr newBeta = makeFloats(op, "beta", transform(*beta, affine));
  if (!newGamma || !newBeta) {
    reason = "a weight would not be finite";
    return false;
  }
  op.setGammaAttr(newGamma);
  op.setBetaAttr(newBeta);
  return true;
}

//===----------------------------------------------------------------------===//
// Pairs
//===----------------------------------------------------------------------===//

static bool isAffineKind(Operation *op) {
  return isa<BatchnormOp, ScaleOp, BiasOp>(op);
}

/// Whether \p op, which \p next follows, is of a kind that can take it in.
static bool canTakeIn(Operation *op, Operation *next) {
  if (isa<BatchnormOp>(op))
    return isa<ScaleOp, BiasOp>(next);
  return isa<ConvolutionOp, InnerProductOp>(op);
}

static bool isUpdatable(LayerAttr layer) {
  DictionaryAttr extra = layer.getExtra();
  auto flag = extra ? extra.getAs<BoolAttr>("isUpdatable") : BoolAttr();
  return flag && flag.getValue();
}

/// Whether \p name always means the same value, as it does but in bodies.
static bool isWrittenOnce(NetworkOp network, StringAttr name) {
  if (llvm::is_contained(network.getInputNames(), name))
    return false;
  size_t count = 0;
  network.walk([&](LayerOpInterface layer) {
    count += llvm::is_contained(layer.getLayer().getOutputs(), name);
  });
  return count == 1;
}

/// Why the blob between the two layers must stay, or "".
static std::string checkBlob(Operation *op, Operation *next) {
  auto network = op->getParentOfType<NetworkOp>();
  LayerAttr first = cast<LayerOpInterface>(op).getLayer();
  LayerAttr second = cast<LayerOpInterface>(next).getLayer();
  StringAttr blob = first.getOutputs().front();
  for (Operation *user : op->getResult(0).getUsers())
    if (isa<OutputOp>(user))
      return "the blob '" + blob.str() + "' is an output";
  if (!op->getResult(0).hasOneUse() || next->getBlock() != op->getBlock())
    return "the blob '" + blob.str() + "' has other users";
  for (StringAttr name : {blob, second.getOutputs().front()})
    if (!isWrittenOnce(network, name))
      return "the blob '" + name.str() + "' is written more than once";
  if (network.getUpdateParams())
    return "the model is updatable";
  if (isUpdatable(first) || isUpdatable(second))
    return "a layer is updatable";
  StringRef label = network.getLabelProbabilityLayerName();
  if (!label.empty() && (label == blob || label == second.getName()) &&
      label != second.getOutputs().front())
    return "the classifier names '" + label.str() + "'";
  return "";
}

/// Lets \p op write the blob of \p next, which goes.
static void replaceNext(Operation *op, Operation *next) {
  auto layer = cast<LayerOpInterface>(op);
  LayerAttr second = cast<LayerOpInterface>(next).getLayer();
  NamedAttrList extra;
  if (DictionaryAttr own = layer.getLayer().getExtra())
    extra.assign(own.getValue());
  // What the file says of the rank of the blob that is gone.
  extra.erase("outputTensor");
  if (DictionaryAttr other = second.getExtra())
    if (Attribute tensor = other.get("outputTensor"))
      extra.set("outputTensor", tensor);
  MLIRContext *context = op->getContext();
  layer.setLayerAttr(LayerAttr::get(
      context, layer.getLayer().getName(), second.getOutputs(),
      extra.empty() ? DictionaryAttr() : extra.getDictionary(context)));
  op->getResult(0).setType(next->getResult(0).getType());
  next->getResult(0).replaceAllUsesWith(op->getResult(0));
  next->erase();
}

static size_t getNumChannels(Operation *op) {
  if (auto convolution = dyn_cast<ConvolutionOp>(op))
    return convolution.getOutputChannels();
  if (auto product = dyn_cast<InnerProductOp>(op))
    return product.getOutputChannels();
  return cast<BatchnormOp>(op).getChannels();
}

static bool applyAffine(Operation *op, const Affine &affine,
                        std::string &reason) {
  if (!affine.fits(getNumChannels(op))) {
    reason = "its values do not fit the channels before it";
    return false;
  }
  if (auto convolution = dyn_cast<ConvolutionOp>(op))
    return apply(convolution, affine, reason);
  if (auto product = dyn_cast<InnerProductOp>(op))
    return apply(product, affine, reason);
  return apply(cast<BatchnormOp>(op), affine, reason);
}

/// Takes \p next into \p op, or tells why not.
static bool fuse(Operation *op, Operation *next, std::string &reason) {
  reason = checkBlob(op, next);
  if (!reason.empty())
    return false;
  std::optional<Affine> affine = readAffine(next, reason);
  if (!affine || !applyAffine(op, *affine, reason))
    return false;
  replaceNext(op, next);
  return true;
}

FusionReport mlmodel::fuseBatchnorm(ModelOp model) {
  FusionReport report;
  std::vector<Operation *> affine;
  model.walk([&](LayerOpInterface layer) {
    if (isAffineKind(layer))
      affine.push_back(layer);
  });
  // In the order of the layers, so that a chain goes into its first layer.
  for (Operation *next : affine) {
    Operation *op = next->getOperand(0).getDefiningOp();
    if (!op || !canTakeIn(op, next))
      continue;
    auto layer = cast<LayerOpInterface>(next);
    std::string name = ("layer '" + layer.getLayer().getName().getValue() +
                        "' (" + layer.getLayerField() + ")")
                           .str();
    std::string reason;
    if (fuse(op, next, reason))
      ++report.fused;
    else
      report.refused.push_back({std::move(name), std::move(reason)});
  }
  return report;
}

namespace {
struct FuseBatchnormPass
    : mlmodel::impl::FuseBatchnormPassBase<FuseBatchnormPass> {
  using FuseBatchnormPassBase::FuseBatchnormPassBase;

  void runOnOperation() override {
    for (ModelOp model : getOperation().getOps<ModelOp>())
      for (const FusionReport::Refusal &refusal : fuseBatchnorm(model).refused)
        model.emitRemark(refusal.layer) << " stays: " << refusal.reason;
  }
};
} // namespace
