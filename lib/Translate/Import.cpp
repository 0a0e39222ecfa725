//===- Import.cpp - From a .mlmodel file to MLIR --------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Description.h"
#include "ExplicitDefaults.h"
#include "MLModel/Translate/Translate.h"
#include "NetworkImporter.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include <google/protobuf/descriptor.h>

using namespace mlir;
using namespace mlmodel;
using google::protobuf::FieldDescriptor;

namespace {
/// Imports a model, and through pipelines the models in it.
class ModelImporter {
public:
  ModelImporter(DecodeContext &context, const ImportOptions &options)
      : context(context), options(options), table(context.context),
        builder(context.context) {}

  LogicalResult importModel(Block *block, Bytes bytes);

private:
  LogicalResult checkVersion(const NamedAttrList &attributes);
  LogicalResult importContent(const FieldDescriptor *type, Bytes bytes,
                              DictionaryAttr description);
  LogicalResult importNetwork(const FieldDescriptor *type, Bytes bytes,
                              DictionaryAttr description);
  LogicalResult importPipeline(const FieldDescriptor *type, Bytes bytes);
  FailureOr<Block *> beginNetwork(OperationState &state,
                                  DictionaryAttr description, BlobScope &scope);
  LogicalResult endNetwork(OperationState &state, Block *block,
                           DictionaryAttr description, BlobScope &scope);

  LogicalResult fail(const Twine &message,
                     ErrorClass errorClass = ErrorClass::Invalid) {
    return emitClassified(context.fileLoc, errorClass, where() + message);
  }
  /// "pipeline.models[1]: ", or nothing for the outermost model.
  std::string where() const {
    std::string path = llvm::join(context.path, ".");
    return path.empty() ? path : path + ": ";
  }

  DecodeContext &context;
  const ImportOptions &options;
  LayerTable table;
  OpBuilder builder;
};
} // namespace

static StringRef getName(DictionaryAttr feature) {
  auto name = feature.getAs<StringAttr>("name");
  return name ? name.getValue() : "";
}

static SmallVector<DictionaryAttr> getFeatures(DictionaryAttr description,
                                               StringRef list) {
  auto features =
      description ? description.getAs<ArrayAttr>(list) : ArrayAttr();
  if (!features)
    return {};
  return llvm::to_vector(features.getAsRange<DictionaryAttr>());
}

LogicalResult ModelImporter::checkVersion(const NamedAttrList &attributes) {
  auto attribute =
      dyn_cast_or_null<IntegerAttr>(attributes.get("specificationVersion"));
  int64_t version = attribute ? attribute.getInt() : 0;
  if (version == 0)
    return fail("specificationVersion is missing");
  if (version < 0)
    return fail("specificationVersion is " + Twine(version) +
                ", expected 1 to " + Twine(kMaxSpecificationVersion));
  if (version > kMaxSpecificationVersion)
    return fail("specificationVersion is " + Twine(version) +
                ", newer than the highest supported, " +
                Twine(kMaxSpecificationVersion));
  return success();
}

LogicalResult ModelImporter::importModel(Block *block, Bytes bytes) {
  MessageReader reader(context, getDescriptor("Model"));
  if (failed(reader.read(bytes)))
    return failure();
  const FieldDescriptor *type = reader.whichOneof("Type");
  if (!type && options.verify)
    return fail(
        reader.getUnknown().empty()
            ? Twine("has no model type")
            : Twine("has a model type that this version does not know"));
  std::optional<Bytes> content;
  if (type)
    content = reader.takeMessage(type->name());
  NamedAttrList attributes;
  if (failed(reader.decodeRest(attributes)))
    return failure();
  if (!reader.getUnknown().empty())
    attributes.set("unknown", builder.getStringAttr(reader.getUnknown()));
  auto description =
      dyn_cast_or_null<DictionaryAttr>(attributes.get("description"));
  if (options.verify &&
      (failed(checkVersion(attributes)) ||
       failed(checkDescription(description, context.fileLoc, where()))))
    return failure();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(block);
  auto model = ModelOp::create(builder, context.fileLoc, attributes.getAttrs());
  builder.setInsertionPointToEnd(&model.getBody().emplaceBlock());
  return type ? importContent(type, *content, description) : success();
}

/// The operation whose model type is \p field.
static std::optional<RegisteredOperationName>
findModelType(MLIRContext *context, StringRef field) {
  for (RegisteredOperationName name :
       context->getRegisteredOperationsByDialect("mlmodel")) {
    if (!name.hasInterface<ModelTypeOpInterface>())
      continue;
    // Mnemonics are the fields in snake case, at times with a suffix.
    std::string mnemonic;
    for (char c : field) {
      if (llvm::isUpper(c))
        mnemonic += '_';
      mnemonic += llvm::toLower(c);
    }
    StringRef have = name.getStringRef().drop_front(strlen("mlmodel."));
    if (have == mnemonic + "_model")
      return name;
    if (have == mnemonic && !name.hasInterface<LayerOpInterface>())
      return name;
  }
  return std::nullopt;
}

LogicalResult ModelImporter::importContent(const FieldDescriptor *type,
                                           Bytes bytes,
                                           DictionaryAttr description) {
  StringRef field = type->name();
  if (field.starts_with("neuralNetwork"))
    return importNetwork(type, bytes, description);
  if (field.starts_with("pipeline"))
    return importPipeline(type, bytes);
  std::optional<RegisteredOperationName> name =
      findModelType(context.context, field);
  if (!name)
    return fail("model type " + field + " has no operation");
  context.path.push_back(field.str());
  DictionaryAttr params = decodeMessage(context, type->message_type(), bytes);
  context.path.pop_back();
  if (!params)
    return failure();
  OperationState state(context.fileLoc, *name);
  state.addAttribute("params", params);
  builder.create(state);
  return success();
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

FailureOr<Block *> ModelImporter::beginNetwork(OperationState &state,
                                               DictionaryAttr description,
                                               BlobScope &scope) {
  Block *block = &state.addRegion()->emplaceBlock();
  SmallVector<Attribute> names;
  Type type = UnrankedTensorType::get(builder.getF32Type());
  // States are blobs that a layer may read, like inputs.
  for (StringRef list : {"input", "state"})
    for (DictionaryAttr feature : getFeatures(description, list)) {
      StringRef name = getName(feature);
      if (scope.defines(name))
        continue;
      names.push_back(builder.getStringAttr(name));
      scope.set(name, block->addArgument(
                          type, NameLoc::get(builder.getStringAttr(name))));
    }
  state.addAttribute("inputNames", builder.getArrayAttr(names));
  return block;
}

/// The blob with the class probabilities: the one the file names, or what the
/// last layer writes.
static StringRef getProbabilityBlob(const OperationState &state, Block *block) {
  auto name = dyn_cast_or_null<StringAttr>(
      state.attributes.get("labelProbabilityLayerName"));
  if (name && !name.getValue().empty())
    return name.getValue();
  if (block->empty())
    return "";
  SmallVector<StringAttr> last = getResultNames(&block->back());
  return last.empty() ? "" : last.front().getValue();
}

LogicalResult ModelImporter::endNetwork(OperationState &state, Block *block,
                                        DictionaryAttr description,
                                        BlobScope &scope) {
  auto kind = cast<StringAttr>(state.attributes.get("kind")).getValue();
  SmallVector<Attribute> names;
  SmallVector<Value> values;
  auto addOutput = [&](StringRef name) {
    Value value = scope.lookup(name);
    Attribute attribute = builder.getStringAttr(name);
    if (!value || llvm::is_contained(names, attribute))
      return value != nullptr;
    names.push_back(attribute);
    values.push_back(value);
    return true;
  };
  for (DictionaryAttr feature : getFeatures(description, "output")) {
    StringRef name = getName(feature);
    // A classifier's label and probabilities are made from its probability
    // blob; a regressor's prediction may be named at will.
    if (!addOutput(name) && kind == "neuralNetwork" && options.verify)
      return fail("output '" + name + "' is produced by no layer");
  }
  if (kind == "neuralNetworkClassifier") {
    StringRef blob = getProbabilityBlob(state, block);
    if (!addOutput(blob) && options.verify)
      return fail("labelProbabilityLayerName is '" + blob +
                  "', which no layer produces");
  }
  state.addAttribute("outputNames", builder.getArrayAttr(names));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(block);
  OutputOp::create(builder, context.fileLoc, values);
  return success();
}

/// What training asks for must be there before anything could be trained.
static StringRef checkUpdateParams(DictionaryAttr params) {
  if (!params || params.empty())
    return "";
  auto losses = params.getAs<ArrayAttr>("lossLayers");
  return losses && !losses.empty() ? "" : "updateParams has no loss layer";
}

LogicalResult ModelImporter::importNetwork(const FieldDescriptor *type,
                                           Bytes bytes,
                                           DictionaryAttr description) {
  context.path.push_back(type->name());
  MessageReader reader(context, type->message_type());
  if (failed(reader.read(bytes)))
    return failure();
  SmallVector<WireField, 1> layers = reader.take("layers");
  OperationState state(context.fileLoc, NetworkOp::getOperationName());
  state.addAttribute("kind", builder.getStringAttr(type->name()));
  NamedAttrList attributes;
  if (failed(reader.decodeRest(attributes)))
    return failure();
  state.addAttributes(attributes.getAttrs());
  StringRef problem = checkUpdateParams(
      dyn_cast_or_null<DictionaryAttr>(attributes.get("updateParams")));
  if (!problem.empty() && options.verify)
    return fail(problem);
  if (!reader.getUnknown().empty())
    state.addAttribute("unknown", builder.getStringAttr(reader.getUnknown()));
  BlobScope scope;
  FailureOr<Block *> block = beginNetwork(state, description, scope);
  if (failed(block) ||
      failed(NetworkImporter(context, table)
                 .importLayers(*block, layers, scope, /*isTopLevel=*/true)) ||
      failed(endNetwork(state, *block, description, scope)))
    return failure();
  builder.create(state);
  context.path.pop_back();
  return success();
}

//===----------------------------------------------------------------------===//
// Pipelines
//===----------------------------------------------------------------------===//

LogicalResult ModelImporter::importPipeline(const FieldDescriptor *type,
                                            Bytes bytes) {
  context.path.push_back(type->name());
  StringRef unknown;
  if (type->name() != "pipeline") {
    // PipelineClassifier and PipelineRegressor wrap a Pipeline.
    MessageReader wrapper(context, type->message_type());
    if (failed(wrapper.read(bytes)))
      return failure();
    std::optional<Bytes> inner = wrapper.takeMessage("pipeline");
    unknown = wrapper.getUnknown();
    bytes = inner.value_or(Bytes());
    context.path.push_back("pipeline");
  }
  MessageReader reader(context, getDescriptor("Pipeline"));
  if (failed(reader.read(bytes)))
    return failure();
  SmallVector<WireField, 1> models = reader.take("models");
  if (models.empty() && options.verify)
    return fail("has no models");
  OperationState state(context.fileLoc, PipelineOp::getOperationName());
  state.addAttribute("kind", builder.getStringAttr(type->name()));
  NamedAttrList attributes;
  if (failed(reader.decodeRest(attributes)))
    return failure();
  state.addAttributes(attributes.getAttrs());
  if (!unknown.empty() || !reader.getUnknown().empty())
    state.addAttribute("unknown",
                       builder.getStringAttr(unknown + reader.getUnknown()));
  Block *block = &state.addRegion()->emplaceBlock();
  for (auto [i, model] : llvm::enumerate(models)) {
    context.path.push_back("models[" + std::to_string(i) + "]");
    if (failed(importModel(block, model.payload)))
      return failure();
    context.path.pop_back();
  }
  builder.create(state);
  context.path.resize(context.path.size() -
                      (type->name() == "pipeline" ? 1 : 2));
  return success();
}

//===----------------------------------------------------------------------===//
// Entry point
//===----------------------------------------------------------------------===//

/// What a file that is no model looks like, or "".
static StringRef recognise(Bytes file) {
  StringRef text(reinterpret_cast<const char *>(file.data()), file.size());
  if (text.empty())
    return "is empty";
  if (text.starts_with("\x89PNG"))
    return "looks like a PNG image, not a model";
  if (text.starts_with("\xff\xd8\xff"))
    return "looks like a JPEG image, not a model";
  if (text.starts_with("\x1f\x8b"))
    return "is compressed with gzip; uncompress it first";
  if (text.starts_with("PK\x03\x04"))
    return "is a zip archive; unpack it first";
  if (text.starts_with("ML\xefR"))
    return "is MLIR bytecode; use mlmodel-translate --mlir-to-mlmodel";
  return "";
}

OwningOpRef<ModuleOp> mlmodel::importModel(MLIRContext *context, Bytes file,
                                           std::shared_ptr<const void> owner,
                                           StringRef fileName,
                                           const ImportOptions &options) {
  context->loadDialect<MLModelDialect>();
  Location loc = FileLineColLoc::get(context, fileName, 0, 0);
  if (StringRef what = recognise(file); !what.empty()) {
    (void)emitClassified(loc, ErrorClass::Invalid, what);
    return nullptr;
  }
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  DecodeContext decode(context, file, owner, loc);
  if (failed(
          ModelImporter(decode, options).importModel(module->getBody(), file)))
    return nullptr;
  if (options.verify && failed(mlir::verify(*module)))
    return nullptr;
  if (!options.keepWire)
    return module;
  // Most files are canonical: then the export is the file itself, and comparing
  // touches no weight. What is left needs its original bytes kept.
  FailureOr<Rope> canonical = exportModel(*module);
  if (failed(canonical))
    return nullptr;
  if (!canonical->equals(file) || hasExplicitDefaults(*module)) {
    auto model = cast<ModelOp>(module->getBody()->front());
    model.setWireAttr(
        decode.makeElements("wire", IntegerType::get(context, 8), file));
  }
  return module;
}
