//===- Export.cpp - From MLIR to a .mlmodel file --------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExplicitDefaults.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "MLModel/Translate/MessageCodec.h"
#include "MLModel/Translate/Translate.h"
#include "NetworkExporter.h"
#include <google/protobuf/descriptor.h>

using namespace mlir;
using namespace mlmodel;

static FailureOr<Rope> encodeModel(ModelOp model);

static FailureOr<Rope> encodeNetwork(NetworkOp network) {
  const auto *field =
      getDescriptor("Model")->FindFieldByName(network.getKind().str());
  MessageWriter writer(field->message_type(), network.getLoc());
  FailureOr<Rope> layers = exportLayers(network.getBody().front());
  if (failed(layers))
    return failure();
  for (NamedAttribute attribute : network->getAttrs()) {
    StringRef name = attribute.getName();
    if (name == "kind" || name == "inputNames" || name == "outputNames")
      continue;
    if (failed(writer.add(name == "unknown" ? StringRef(kUnknownFields) : name,
                          attribute.getValue())))
      return failure();
  }
  // Layers have the lowest field number, so they come first as they are.
  Rope message = std::move(*layers);
  message.append(writer.finish());
  return message;
}

static FailureOr<Rope> encodePipeline(PipelineOp pipeline) {
  MessageWriter writer(getDescriptor("Pipeline"), pipeline.getLoc());
  for (ModelOp model : pipeline.getBody().getOps<ModelOp>()) {
    FailureOr<Rope> message = encodeModel(model);
    if (failed(message))
      return failure();
    writer.addMessage("models", std::move(*message));
  }
  for (StringRef name : {"names"})
    if (Attribute value = pipeline->getAttr(name))
      if (failed(writer.add(name, value)))
        return failure();
  if (auto unknown = pipeline.getUnknownAttr())
    writer.addUnknown(unknown.getValue());
  if (pipeline.getKind() == "pipeline")
    return writer.finish();
  MessageWriter wrapper(getDescriptor("PipelineClassifier"), pipeline.getLoc());
  wrapper.addMessage("pipeline", writer.finish());
  return wrapper.finish();
}

static FailureOr<Rope> encodeContent(ModelTypeOpInterface content) {
  if (auto network = dyn_cast<NetworkOp>(*content))
    return encodeNetwork(network);
  if (auto pipeline = dyn_cast<PipelineOp>(*content))
    return encodePipeline(pipeline);
  const auto *field =
      getDescriptor("Model")->FindFieldByName(content.getModelField().str());
  auto params = content->getAttrOfType<DictionaryAttr>("params");
  if (!field || !params)
    return content->emitError("is not a type of model that can be written"),
           failure();
  MessageWriter writer(field->message_type(), content.getLoc());
  if (failed(writer.add(params.getValue())))
    return failure();
  return writer.finish();
}

static FailureOr<Rope> encodeModel(ModelOp model) {
  MessageWriter writer(getDescriptor("Model"), model.getLoc());
  for (NamedAttribute attribute : model->getAttrs()) {
    StringRef name = attribute.getName();
    if (name == "wire")
      continue;
    if (failed(writer.add(name == "unknown" ? StringRef(kUnknownFields) : name,
                          attribute.getValue())))
      return failure();
  }
  if (ModelTypeOpInterface content = model.getContent()) {
    FailureOr<Rope> message = encodeContent(content);
    if (failed(message))
      return failure();
    writer.addMessage(content.getModelField(), std::move(*message));
  }
  return writer.finish();
}

/// Encodes what \p model says, without fields that only repeat their default.
static FailureOr<std::string> encodeMeaning(ModelOp model) {
  OwningOpRef<ModelOp> copy = model.clone();
  dropExplicitDefaults(*copy);
  FailureOr<Rope> bytes = encodeModel(*copy);
  if (failed(bytes))
    return failure();
  return bytes->str();
}

/// True if the model says what its original bytes say, so that they can be
/// written as they are.
static bool isUnchanged(ModelOp model, Bytes wire) {
  ImportOptions options;
  options.keepWire = false;
  options.verify = false;
  OwningOpRef<ModuleOp> original =
      importModel(model.getContext(), wire, nullptr, "wire", options);
  if (!original)
    return false;
  FailureOr<std::string> before =
      encodeMeaning(cast<ModelOp>(original->getBody()->front()));
  FailureOr<std::string> now = encodeMeaning(model);
  return succeeded(before) && succeeded(now) && *before == *now;
}

FailureOr<Rope> mlmodel::exportModel(ModuleOp module) {
  auto models = module.getBody()->getOps<ModelOp>();
  if (!llvm::hasSingleElement(models))
    return module.emitError("expected one mlmodel.model to write, got ")
           << std::distance(models.begin(), models.end());
  ModelOp model = *models.begin();
  FailureOr<Rope> canonical = encodeModel(model);
  if (failed(canonical) || !model.getWireAttr())
    return canonical;
  std::vector<char> storage;
  std::optional<ArrayRef<char>> wire =
      getRawBytes(model.getWireAttr(), storage);
  if (!wire)
    return model.emitError("'wire' has no data"), failure();
  Bytes bytes(reinterpret_cast<const uint8_t *>(wire->data()), wire->size());
  if (!isUnchanged(model, bytes))
    return canonical;
  Rope original;
  if (storage.empty())
    original.appendView(bytes);
  else
    original.append(StringRef(storage.data(), storage.size()));
  return original;
}
