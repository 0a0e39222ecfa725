//===- DecompressWeights.cpp - Weights back to float32 --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Decode.h"
#include "MLModel/Compression/Float16.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/WeightSlots.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

static ArrayRef<uint8_t> toUnsigned(ArrayRef<char> bytes) {
  return {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
}

/// One channel where a single scale serves all values.
static AxisLayout getScaleLayout(LinearQuantizationAttr linear,
                                 const WeightLayout &layout) {
  size_t biases = linear.getBias() ? linear.getBias().size() : 0;
  if (linear.getScale().size() <= 1 && biases <= 1)
    return AxisLayout::flat(layout.getNumElements());
  return layout.getChannels();
}

static void decodeSigned(ArrayRef<char> bytes, LinearQuantizationAttr linear,
                         const AxisLayout &layout,
                         MutableArrayRef<float> values) {
  ArrayRef<float> scale = linear.getScale();
  ArrayRef<float> bias =
      linear.getBias() ? linear.getBias().asArrayRef() : ArrayRef<float>();
  for (auto [i, value] : llvm::enumerate(values)) {
    size_t channel = i / layout.inner % layout.axis;
    value = scale[scale.size() == 1 ? 0 : channel] *
            static_cast<float>(static_cast<int8_t>(bytes[i]));
    if (!bias.empty())
      value += bias[bias.size() == 1 ? 0 : channel];
  }
}

/// Decodes quantized \p bytes, which passed checkWeights.
static void decodeQuantized(WeightsAttr weights, ArrayRef<char> bytes,
                            const WeightLayout &layout,
                            MutableArrayRef<float> values) {
  bool isSigned = getStorage(weights) == WeightStorage::Int8;
  if (auto lut = dyn_cast<LookupTableAttr>(weights.getQuantization())) {
    decodeLookup(toUnsigned(bytes), lut.getBits(), BitOrder::MSBFirst,
                 lut.getTable(), 0, values);
    return;
  }
  auto linear = cast<LinearQuantizationAttr>(weights.getQuantization());
  AxisLayout channels = getScaleLayout(linear, layout);
  if (isSigned)
    return decodeSigned(bytes, linear, channels, values);
  ArrayRef<float> bias =
      linear.getBias() ? linear.getBias().asArrayRef() : ArrayRef<float>();
  decodeLinear(toUnsigned(bytes), linear.getBits(), BitOrder::MSBFirst,
               channels, linear.getScale(), bias, DecodeArithmetic::Float32, 0,
               values);
}

static Expected<std::vector<float>> decode(const WeightSlot &slot) {
  WeightsAttr weights = slot.get();
  auto invalid = [&](const Twine &what) {
    return makeError(ExitCode::InvalidModel, slot.describe() + ": " + what);
  };
  std::vector<char> storage;
  std::optional<ArrayRef<char>> bytes = getRawBytes(weights.getData(), storage);
  if (!bytes)
    return invalid("has no data");
  bool isHalf = getStorage(weights) == WeightStorage::Float16;
  std::optional<WeightLayout> layout = getCompressibleLayout(slot);
  if (!layout && !isHalf)
    return invalid("the format does not allow quantized values here");
  if (!layout || isHalf)
    layout = WeightLayout{{weights.getData().getNumElements()},
                          /*channelAxis=*/0,
                          /*isVector=*/true};
  int64_t count = layout->getNumElements();
  if (count < 0)
    return invalid("its size does not fit in 64 bits");
  std::string problem =
      checkWeights(weights, count, layout->getChannels().axis);
  if (!problem.empty())
    return invalid(problem);
  std::vector<float> values(count);
  if (isHalf)
    decodeFloat16(toUnsigned(*bytes), 0, values);
  else
    decodeQuantized(weights, *bytes, *layout, values);
  return values;
}

static WeightsAttr makeFloatWeights(const WeightSlot &slot,
                                    ArrayRef<float> values) {
  MLIRContext *context = slot.getLayer()->getContext();
  std::vector<uint8_t> bytes(values.size() * sizeof(float));
  memcpy(bytes.data(), values.data(), bytes.size());
  std::string name = (slot.getLayerName() + "." + slot.getField()).str();
  return WeightsAttr::get(
      context, makePayload(Float32Type::get(context), name, std::move(bytes)),
      Attribute(), slot.get().getIsUpdatable());
}

Expected<size_t> mlmodel::decompressWeights(ModelOp model) {
  std::vector<WeightSlot> slots;
  model.walk([&](LayerOpInterface layer) {
    for (const WeightSlot &slot : WeightSlot::findAll(layer))
      if (getStorage(slot.get()) != WeightStorage::Float32 &&
          slot.get().getData().getNumElements() != 0)
        slots.push_back(slot);
  });
  for (const WeightSlot &slot : slots) {
    Expected<std::vector<float>> values = decode(slot);
    if (!values)
      return values.takeError();
    slot.set(makeFloatWeights(slot, *values));
    // A product of 8-bit integers needs the integers.
    if (slot.getLayer()->getAttr("int8DynamicQuantize"))
      slot.getLayer()->removeAttr("int8DynamicQuantize");
  }
  return slots.size();
}
