//===- WeightSlots.cpp - Which weights can be compressed ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/WeightSlots.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"
#include <array>

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

void WeightSlot::collect(WeightSlot &slot, Attribute value,
                         std::vector<WeightSlot> &found) {
  if (isa<WeightsAttr>(value)) {
    found.push_back(slot);
  } else if (auto members = dyn_cast<DictionaryAttr>(value)) {
    for (NamedAttribute member : members) {
      slot.path.push_back({member.getName()});
      collect(slot, member.getValue(), found);
      slot.path.pop_back();
    }
  } else if (auto elements = dyn_cast<ArrayAttr>(value)) {
    for (auto [i, element] : llvm::enumerate(elements)) {
      slot.path.push_back({StringAttr(), i});
      collect(slot, element, found);
      slot.path.pop_back();
    }
  }
}

std::vector<WeightSlot> WeightSlot::findAll(LayerOpInterface layer) {
  std::vector<WeightSlot> found;
  WeightSlot slot;
  slot.layer = layer;
  collect(slot, layer->getAttrDictionary(), found);
  return found;
}

StringRef WeightSlot::getLayerName() const {
  return cast<LayerOpInterface>(layer).getLayer().getName().getValue();
}

StringRef WeightSlot::getLayerKind() const {
  return cast<LayerOpInterface>(layer).getLayerField();
}

std::string WeightSlot::getField() const {
  std::string text;
  for (const Step &step : path) {
    if (!step.name)
      text += "[" + std::to_string(step.index) + "]";
    else
      text += (text.empty() ? "" : ".") + step.name.str();
  }
  return text;
}

std::string WeightSlot::describe() const {
  return ("layer '" + getLayerName() + "' (" + getLayerKind() +
          "): " + getField())
      .str();
}

WeightsAttr WeightSlot::get() const {
  Attribute value = layer->getAttr(path.front().name);
  for (const Step &step : ArrayRef(path).drop_front())
    value = step.name ? cast<DictionaryAttr>(value).get(step.name)
                      : cast<ArrayAttr>(value)[step.index];
  return cast<WeightsAttr>(value);
}

Attribute WeightSlot::replace(Attribute value, size_t step,
                              WeightsAttr weights) const {
  if (step == path.size())
    return weights;
  if (!path[step].name) {
    auto elements = llvm::to_vector(cast<ArrayAttr>(value));
    Attribute &element = elements[path[step].index];
    element = replace(element, step + 1, weights);
    return ArrayAttr::get(value.getContext(), elements);
  }
  NamedAttrList members(cast<DictionaryAttr>(value));
  StringAttr name = path[step].name;
  members.set(name, replace(members.get(name), step + 1, weights));
  return members.getDictionary(value.getContext());
}

void WeightSlot::set(WeightsAttr weights) const {
  StringAttr name = path.front().name;
  layer->setAttr(name, replace(layer->getAttr(name), 1, weights));
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

int64_t WeightLayout::getNumElements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return -1;
  return count;
}

AxisLayout WeightLayout::getChannels() const {
  if (isVector)
    return AxisLayout::flat(getNumElements());
  return AxisLayout::get(shape, channelAxis);
}

namespace {
/// The shape of the fields of a layer kind whose names end in `field`, as the
/// parameters that hold its sizes. The first matching rule counts.
struct LayoutRule {
  StringLiteral kind;
  StringLiteral field;
  std::array<StringLiteral, 2> sizes;
  bool isVector = false;
};
} // namespace

static constexpr bool vector = true;

// What coremltools' quantize_weights compresses: everything that the format
// documents as quantizable. Convolutions are in getConvolutionLayout.
static const LayoutRule layoutRules[] = {
    {"convolution", "bias", {"outputChannels", ""}, vector},
    {"innerProduct", "weights", {"outputChannels", "inputChannels"}},
    {"innerProduct", "bias", {"outputChannels", ""}, vector},
    {"batchedMatmul",
     "weights",
     {"weightMatrixSecondDimension", "weightMatrixFirstDimension"}},
    {"batchedMatmul", "bias", {"weightMatrixSecondDimension", ""}, vector},
    {"embedding", "weights", {"outputChannels", "inputDim"}},
    {"embedding", "bias", {"outputChannels", ""}, vector},
    {"embeddingND", "weights", {"embeddingSize", "vocabSize"}},
    {"embeddingND", "bias", {"embeddingSize", ""}, vector},
    {"simpleRecurrent",
     "weightMatrix",
     {"outputVectorSize", "inputVectorSize"}},
    {"simpleRecurrent",
     "recursionMatrix",
     {"outputVectorSize", "outputVectorSize"}},
    {"simpleRecurrent", "Vector", {"outputVectorSize", ""}, vector},
    {"gru", "WeightMatrix", {"outputVectorSize", "inputVectorSize"}},
    {"gru", "RecursionMatrix", {"outputVectorSize", "outputVectorSize"}},
    {"gru", "Vector", {"outputVectorSize", ""}, vector},
    {"uniDirectionalLSTM",
     "WeightMatrix",
     {"outputVectorSize", "inputVectorSize"}},
    {"uniDirectionalLSTM",
     "RecursionMatrix",
     {"outputVectorSize", "outputVectorSize"}},
    {"uniDirectionalLSTM", "Vector", {"outputVectorSize", ""}, vector},
    {"biDirectionalLSTM",
     "WeightMatrix",
     {"outputVectorSize", "inputVectorSize"}},
    {"biDirectionalLSTM",
     "RecursionMatrix",
     {"outputVectorSize", "outputVectorSize"}},
    {"biDirectionalLSTM", "Vector", {"outputVectorSize", ""}, vector},
    {"batchnorm", "", {"channels", ""}, vector},
    {"scale", "scale", {"shapeScale", ""}, vector},
    {"scale", "bias", {"shapeBias", ""}, vector},
    {"bias", "bias", {"shape", ""}, vector},
    {"loadConstant", "data", {"shape", ""}, vector},
    {"loadConstantND", "data", {"shape", ""}, vector},
};

static int64_t getInt(Operation *layer, StringRef name) {
  auto value = layer->getAttrOfType<IntegerAttr>(name);
  return value ? value.getInt() : 0;
}

/// Appends one size, or all sizes of a list.
static void appendSizes(Operation *layer, StringRef name,
                        SmallVectorImpl<int64_t> &shape) {
  if (auto sizes = layer->getAttrOfType<DenseI64ArrayAttr>(name))
    llvm::append_range(shape, sizes.asArrayRef());
  else if (layer->getAttr(name))
    shape.push_back(getInt(layer, name));
  else
    shape.push_back(name.starts_with("shape") ? 1 : 0);
}

/// [outputs, kernelChannels, H, W]; of a deconvolution
/// [kernelChannels, outputs / groups, H, W], whose axis 1 has the scales.
static WeightLayout getConvolutionLayout(Operation *layer) {
  WeightLayout layout;
  int64_t outputs = getInt(layer, "outputChannels");
  int64_t kernelChannels = getInt(layer, "kernelChannels");
  int64_t groups = std::max<int64_t>(getInt(layer, "nGroups"), 1);
  auto isDeconvolution = layer->getAttrOfType<BoolAttr>("isDeconvolution");
  if (isDeconvolution && isDeconvolution.getValue()) {
    layout.shape = {kernelChannels, outputs / groups};
    layout.channelAxis = 1;
  } else {
    layout.shape = {outputs, kernelChannels};
  }
  auto kernel = layer->getAttrOfType<DenseI64ArrayAttr>("kernelSize");
  if (kernel && !kernel.empty())
    llvm::append_range(layout.shape, kernel.asArrayRef());
  else
    layout.shape.append({3, 3});
  return layout;
}

std::optional<WeightLayout>
mlmodel::getCompressibleLayout(const WeightSlot &slot) {
  Operation *layer = slot.getLayer();
  StringRef kind = slot.getLayerKind();
  std::string field = slot.getField();
  if (kind == "convolution" && field == "weights")
    return getConvolutionLayout(layer);
  for (const LayoutRule &rule : layoutRules) {
    if (rule.kind != kind || !StringRef(field).ends_with(rule.field))
      continue;
    WeightLayout layout;
    layout.isVector = rule.isVector;
    for (StringRef size : rule.sizes)
      if (!size.empty())
        appendSizes(layer, size, layout.shape);
    return layout;
  }
  return std::nullopt;
}

bool mlmodel::isCompressibleKind(StringRef kind) {
  return kind == "convolution" ||
         llvm::any_of(layoutRules, [&](const LayoutRule &rule) {
           return rule.kind == kind;
         });
}
