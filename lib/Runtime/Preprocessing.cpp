//===- Preprocessing.cpp - Features to blobs and back ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Preprocessing.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Image.h"
#include <cmath>

using namespace mlir;
using namespace mlmodel;

static llvm::Error inputMismatch(const FeatureDescription &feature,
                                 const Twine &got) {
  return makeError(ExitCode::Usage, "input '" + feature.name + "' is " +
                                        feature.describe() + ", got " + got);
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static std::string describeTensor(const Tensor &tensor) {
  return (elementTypeName(tensor.type()) + " " + shapeToString(tensor.shape()))
      .str();
}

llvm::Expected<SmallVector<int64_t>>
mlmodel::getActualShape(const FeatureDescription &feature,
                        const FeatureValue &value) {
  if (std::holds_alternative<int64_t>(value) ||
      std::holds_alternative<double>(value))
    return SmallVector<int64_t>{1};
  const auto *tensor = std::get_if<Tensor>(&value);
  if (!tensor)
    return inputMismatch(feature, "a value that a network cannot take");
  if (feature.kind != FeatureKind::Image)
    return tensor->rank() ? llvm::to_vector(tensor->shape())
                          : SmallVector<int64_t>{1};
  if (tensor->rank() < 2 || tensor->rank() > 3 ||
      tensor->type() != ElementType::UInt8)
    return inputMismatch(feature,
                         describeTensor(*tensor) +
                             "; an image is uint8, height x width [x 3]");
  int64_t height = tensor->shape()[0], width = tensor->shape()[1];
  if (!feature.isFlexible &&
      (height != feature.height || width != feature.width))
    return inputMismatch(feature, "an image of " + Twine(width) + "x" +
                                      Twine(height) + " pixels");
  return SmallVector<int64_t>{height, width};
}

static float getFloat(DictionaryAttr dict, StringRef name) {
  auto value = dict.getAs<FloatAttr>(name);
  return value ? value.getValue().convertToFloat() : 0.0f;
}

static PixelScale readScaler(DictionaryAttr scaler, ColorSpace space) {
  PixelScale result;
  result.scale = getFloat(scaler, "channelScale");
  if (space == ColorSpace::Gray)
    result.biases = {getFloat(scaler, "grayBias")};
  else
    result.biases = {getFloat(scaler, "redBias"), getFloat(scaler, "greenBias"),
                     getFloat(scaler, "blueBias")};
  if (space == ColorSpace::BGR)
    std::swap(result.biases.front(), result.biases.back());
  return result;
}

static void applyScaler(const PixelScale &scaler, MutableArrayRef<float> blob) {
  size_t plane = blob.size() / scaler.biases.size();
  for (auto [i, value] : llvm::enumerate(blob))
    value = scaler.scale * value + scaler.biases[i / plane];
}

static llvm::Error applyMeanImage(DictionaryAttr message,
                                  const FeatureDescription &feature,
                                  MutableArrayRef<float> blob) {
  std::vector<float> copy;
  ArrayRef<float> mean;
  Attribute attribute = message.get("meanImage");
  if (auto list = dyn_cast_or_null<DenseF32ArrayAttr>(attribute)) {
    mean = list.asArrayRef();
  } else if (auto elements = dyn_cast_or_null<ElementsAttr>(attribute)) {
    std::vector<char> storage;
    if (std::optional<ArrayRef<char>> raw = getRawBytes(elements, storage)) {
      copy.resize(raw->size() / sizeof(float));
      memcpy(copy.data(), raw->data(), copy.size() * sizeof(float));
      mean = copy;
    }
  }
  if (mean.size() != blob.size())
    return makeError(ExitCode::InvalidModel,
                     "preprocessing of input '" + feature.name +
                         "': meanImage has " + Twine(mean.size()) +
                         " values but the image has " + Twine(blob.size()));
  for (auto [value, subtract] : llvm::zip(blob, mean))
    value -= subtract;
  return llvm::Error::success();
}

/// The steps for \p feature, in order.
static SmallVector<DictionaryAttr> getSteps(NetworkOp network,
                                            const FeatureDescription &feature) {
  SmallVector<DictionaryAttr> steps;
  ArrayAttr all = network.getPreprocessingAttr();
  if (!all)
    return steps;
  for (auto step : all.getAsRange<DictionaryAttr>()) {
    // Old files leave the name out where there is one image.
    auto name = step.getAs<StringAttr>("featureName");
    if (!name || name.getValue().empty() || name.getValue() == feature.name)
      steps.push_back(step);
  }
  return steps;
}

static llvm::Error preprocess(NetworkOp network,
                              const FeatureDescription &feature,
                              MutableArrayRef<float> blob) {
  for (DictionaryAttr step : getSteps(network, feature)) {
    if (auto scaler = step.getAs<DictionaryAttr>("scaler"))
      applyScaler(readScaler(scaler, feature.colorSpace), blob);
    if (auto mean = step.getAs<DictionaryAttr>("meanImage"))
      if (llvm::Error error = applyMeanImage(mean, feature, blob))
        return error;
  }
  return llvm::Error::success();
}

llvm::Expected<PixelScale>
mlmodel::getPixelScale(NetworkOp network, const FeatureDescription &feature) {
  PixelScale result;
  result.biases.assign(feature.colorSpace == ColorSpace::Gray ? 1 : 3, 0.0f);
  SmallVector<DictionaryAttr> steps = getSteps(network, feature);
  auto hasMean = [](DictionaryAttr step) { return step.contains("meanImage"); };
  if (steps.size() > 1 || llvm::any_of(steps, hasMean))
    return makeError(ExitCode::Unsupported,
                     "preprocessing of input '" + feature.name +
                         "': mean images and several steps cannot be done "
                         "ahead of time");
  if (!steps.empty())
    if (auto scaler = steps.front().getAs<DictionaryAttr>("scaler"))
      return readScaler(scaler, feature.colorSpace);
  return result;
}

/// Makes \p blob of the pixels of \p image, plane by plane.
static llvm::Error separateChannels(const FeatureDescription &feature,
                                    const Tensor &image,
                                    std::vector<float> &blob) {
  bool isGray = feature.colorSpace == ColorSpace::Gray;
  llvm::Expected<Tensor> pixels =
      convertPixels(image, isGray ? PixelFormat::Gray : PixelFormat::RGB);
  if (!pixels)
    return pixels.takeError();
  size_t channels = isGray ? 1 : 3;
  ArrayRef<uint8_t> bytes = pixels->bytes();
  size_t plane = bytes.size() / channels;
  blob.resize(bytes.size());
  for (size_t channel = 0; channel < channels; ++channel) {
    size_t source = feature.colorSpace == ColorSpace::BGR
                        ? channels - 1 - channel
                        : channel;
    for (size_t i = 0; i < plane; ++i)
      blob[channel * plane + i] = bytes[i * channels + source];
  }
  return llvm::Error::success();
}

llvm::Expected<ArrayRef<float>>
mlmodel::makeBlob(NetworkOp network, const FeatureDescription &feature,
                  const FeatureValue &value, std::vector<float> &buffer) {
  const auto *tensor = std::get_if<Tensor>(&value);
  if (const auto *number = std::get_if<int64_t>(&value)) {
    buffer.assign(1, static_cast<float>(*number));
  } else if (const auto *number = std::get_if<double>(&value)) {
    buffer.assign(1, static_cast<float>(*number));
  } else if (!tensor) {
    return inputMismatch(feature, "a value that a network cannot take");
  } else if (feature.kind == FeatureKind::Image) {
    if (llvm::Error error = separateChannels(feature, *tensor, buffer))
      return std::move(error);
    if (llvm::Error error = preprocess(network, feature, buffer))
      return std::move(error);
  } else if (tensor->type() == ElementType::Float32) {
    return tensor->data<float>();
  } else {
    Tensor floats = tensor->toFloat32();
    ArrayRef<float> values = floats.data<float>();
    buffer.assign(values.begin(), values.end());
  }
  return ArrayRef<float>(buffer);
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

static llvm::Expected<FeatureValue> makeImage(const FeatureDescription &feature,
                                              ArrayRef<float> blob,
                                              ArrayRef<int64_t> shape) {
  size_t channels = feature.colorSpace == ColorSpace::Gray ? 1 : 3;
  int64_t rank = shape.size();
  if (rank < 3 || shape[rank - 3] != static_cast<int64_t>(channels) ||
      blob.size() !=
          static_cast<size_t>(channels * shape[rank - 2] * shape[rank - 1]))
    return makeError(ExitCode::InvalidModel,
                     "output '" + feature.name + "' is " + feature.describe() +
                         " but its blob has shape " + shapeToString(shape));
  SmallVector<int64_t> imageShape{shape[rank - 2], shape[rank - 1]};
  if (channels == 3)
    imageShape.push_back(3);
  llvm::Expected<Tensor> image =
      Tensor::createUninitialized(ElementType::UInt8, imageShape);
  if (!image)
    return image.takeError();
  MutableArrayRef<uint8_t> bytes = image->mutableBytes();
  size_t plane = blob.size() / channels;
  for (size_t channel = 0; channel < channels; ++channel) {
    size_t target = feature.colorSpace == ColorSpace::BGR
                        ? channels - 1 - channel
                        : channel;
    for (size_t i = 0; i < plane; ++i) {
      float value = blob[channel * plane + i];
      // NaN compares false and becomes 0.
      value = value > 0 ? std::min(value, 255.0f) : 0.0f;
      bytes[i * channels + target] =
          static_cast<uint8_t>(std::nearbyint(value));
    }
  }
  return FeatureValue(std::move(*image));
}

/// The declared shape where it fits; else the blob's own, without the leading
/// ones that the rank-5 mapping adds.
static SmallVector<int64_t> getArrayShape(const FeatureDescription &feature,
                                          ArrayRef<int64_t> shape,
                                          int64_t count, bool hasExactRank) {
  std::optional<int64_t> declared = elementCount(feature.shape);
  if (!hasExactRank && !feature.shape.empty() && declared == count)
    return SmallVector<int64_t>(feature.shape.begin(), feature.shape.end());
  if (!hasExactRank && shape.size() == 5 && shape[0] == 1 && shape[1] == 1)
    shape = shape.drop_front(2);
  return llvm::to_vector(shape);
}

llvm::Expected<FeatureValue>
mlmodel::makeOutput(const FeatureDescription &feature, ArrayRef<float> blob,
                    ArrayRef<int64_t> shape, bool hasExactRank) {
  switch (feature.kind) {
  case FeatureKind::Image:
    return makeImage(feature, blob, shape);
  case FeatureKind::Int64:
  case FeatureKind::Double:
    if (blob.size() != 1)
      return makeError(ExitCode::InvalidModel,
                       "output '" + feature.name + "' is a number but its " +
                           "blob has " + Twine(blob.size()) + " values");
    if (feature.kind == FeatureKind::Int64)
      return FeatureValue(static_cast<int64_t>(blob[0]));
    return FeatureValue(static_cast<double>(blob[0]));
  default:
    break;
  }
  SmallVector<int64_t> arrayShape =
      getArrayShape(feature, shape, blob.size(), hasExactRank);
  return FeatureValue(
      Tensor::fromFloat32(feature.elementType, arrayShape, blob));
}
