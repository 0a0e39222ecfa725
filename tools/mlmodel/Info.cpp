//===- Info.cpp - mlmodel info --------------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "DeclaredShapes.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Transforms/InferShapes.h"
#include "RunOptions.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
/// What the table says of one layer.
struct LayerRow {
  std::string name, kind, shape, encoding;
  /// The names of what it writes, in the order of the shapes.
  std::vector<std::string> blobs;
  int64_t parameters = 0, bytes = 0;
};

struct Report {
  StringRef type;
  int64_t specificationVersion = 0;
  std::vector<LayerRow> layers;
  int64_t parameters = 0, weightBytes = 0;
};
} // namespace

static std::string printable(StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os.write_escaped(text);
  return result;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

/// "float32", "lut 4b" ...
static std::string describeEncoding(WeightsAttr weights) {
  mlir::Attribute quantization = weights.getQuantization();
  if (auto lut = llvm::dyn_cast_or_null<LookupTableAttr>(quantization))
    return "lut " + std::to_string(lut.getBits()) + "b";
  if (auto linear =
          llvm::dyn_cast_or_null<LinearQuantizationAttr>(quantization))
    return "linear " + std::to_string(linear.getBits()) + "b";
  mlir::Type type = weights.getData().getElementType();
  return type.isF16() ? "float16" : type.isF32() ? "float32" : "int8";
}

static void addWeights(WeightsAttr weights, LayerRow &row) {
  int64_t elements = weights.getData().getNumElements();
  int64_t bits = weights.getData().getElementType().getIntOrFloatBitWidth();
  int64_t bytes = elements * bits / 8, values = elements;
  if (auto lut =
          llvm::dyn_cast_or_null<LookupTableAttr>(weights.getQuantization())) {
    values = elements * 8 / std::max<int64_t>(lut.getBits(), 1);
    bytes += lut.getTable().size() * sizeof(float);
  } else if (auto linear = llvm::dyn_cast_or_null<LinearQuantizationAttr>(
                 weights.getQuantization())) {
    values = elements * 8 / std::max<int64_t>(linear.getBits(), 1);
    bytes += linear.getScale().size() * sizeof(float);
    if (linear.getBias())
      bytes += linear.getBias().size() * sizeof(float);
  }
  std::string encoding = describeEncoding(weights);
  // The largest payload speaks for the layer: usually its weights, not the
  // bias.
  if (values > row.parameters || row.encoding.empty())
    row.encoding = encoding;
  row.parameters += values;
  row.bytes += bytes;
}

static LayerRow describeLayer(LayerOpInterface layer) {
  LayerRow row;
  row.name = layer.getLayer().getName().str();
  row.kind = layer.getLayerField().str();
  for (mlir::Type type : layer->getResultTypes()) {
    row.shape += row.shape.empty() ? "" : ", ";
    auto ranked = llvm::dyn_cast<mlir::RankedTensorType>(type);
    row.shape += ranked ? toString(toDims(ranked.getShape())) : "?";
  }
  for (mlir::StringAttr blob : getResultNames(layer))
    row.blobs.push_back(blob.str());
  for (mlir::NamedAttribute attribute : layer->getAttrs())
    attribute.getValue().walk(
        [&](WeightsAttr weights) { addWeights(weights, row); });
  return row;
}

static Report makeReport(mlir::ModuleOp module) {
  auto model = llvm::cast<ModelOp>(module.getBody()->front());
  Report report;
  report.specificationVersion = model.getSpecificationVersion();
  report.type = model.getContent().getModelField();
  module.walk<mlir::WalkOrder::PreOrder>([&](LayerOpInterface layer) {
    report.layers.push_back(describeLayer(layer));
    report.parameters += report.layers.back().parameters;
    report.weightBytes += report.layers.back().bytes;
  });
  return report;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static void printFeatures(StringRef title,
                          llvm::ArrayRef<FeatureDescription> features) {
  for (const FeatureDescription &feature : features) {
    llvm::outs() << llvm::formatv("{0,-8} {1}: {2}", title,
                                  printable(feature.name), feature.describe());
    if (!feature.shortDescription.empty())
      llvm::outs() << " - " << printable(feature.shortDescription);
    llvm::outs() << '\n';
  }
}

/// One line for each class and implementation, with the first layer.
static void printCustomLayers(llvm::ArrayRef<CustomLayerUse> layers) {
  llvm::MapVector<std::pair<StringRef, StringRef>, std::vector<StringRef>> uses;
  for (const CustomLayerUse &use : layers)
    uses[{use.className, use.implementation}].push_back(use.layer);
  for (const auto &[key, names] : uses) {
    llvm::outs() << "custom   " << printable(key.first) << ": layer "
                 << printable(names.front());
    if (names.size() > 1)
      llvm::outs() << " and " << names.size() - 1 << " more";
    if (key.second.empty())
      llvm::outs() << ", not implemented\n";
    else
      llvm::outs() << ", by " << key.second << '\n';
  }
}

static void printText(const Model &model, const Report &report) {
  llvm::outs() << "type     " << report.type << ", specification version "
               << report.specificationVersion << '\n';
  printFeatures("input", model.inputs());
  printFeatures("output", model.outputs());
  printFeatures("state", model.states());
  printCustomLayers(model.customLayers());
  if (report.layers.empty())
    return;
  size_t nameWidth = 5, kindWidth = 4, shapeWidth = 5;
  for (const LayerRow &row : report.layers) {
    nameWidth = std::max(nameWidth, std::min<size_t>(row.name.size(), 40));
    kindWidth = std::max(kindWidth, row.kind.size());
    shapeWidth = std::max(shapeWidth, std::min<size_t>(row.shape.size(), 40));
  }
  auto printRow = [&](StringRef name, StringRef kind, StringRef shape,
                      StringRef parameters, StringRef bytes,
                      StringRef encoding) {
    llvm::outs() << llvm::left_justify(name, nameWidth) << "  "
                 << llvm::left_justify(kind, kindWidth) << "  "
                 << llvm::left_justify(shape, shapeWidth) << "  "
                 << llvm::right_justify(parameters, 10) << "  "
                 << llvm::right_justify(bytes, 10)
                 << (encoding.empty() ? "" : "  ") << encoding << '\n';
  };
  llvm::outs() << '\n';
  printRow("layer", "kind", "shape", "parameters", "bytes", "encoding");
  for (const LayerRow &row : report.layers)
    printRow(printable(row.name), row.kind, row.shape,
             row.parameters ? std::to_string(row.parameters) : "",
             row.bytes ? std::to_string(row.bytes) : "", row.encoding);
  double bits =
      report.parameters ? 8.0 * report.weightBytes / report.parameters : 0.0;
  llvm::outs() << llvm::formatv(
      "\n{0} layers, {1} parameters in {2} bytes ({3:f2} bits each)\n",
      report.layers.size(), report.parameters, report.weightBytes, bits);
}

static json::Array toJson(llvm::ArrayRef<FeatureDescription> features) {
  json::Array list;
  for (const FeatureDescription &feature : features)
    list.push_back(json::Object{{"name", json::fixUTF8(feature.name)},
                                {"type", feature.describe()}});
  return list;
}

static json::Array toJson(llvm::ArrayRef<CustomLayerUse> layers) {
  json::Array list;
  for (const CustomLayerUse &layer : layers)
    list.push_back(
        json::Object{{"layer", json::fixUTF8(layer.layer)},
                     {"class", json::fixUTF8(layer.className)},
                     {"implementation", json::fixUTF8(layer.implementation)}});
  return list;
}

static void printJson(const Model &model, const Report &report) {
  json::Array layers;
  for (const LayerRow &row : report.layers) {
    json::Array blobs;
    for (const std::string &blob : row.blobs)
      blobs.push_back(json::fixUTF8(blob));
    layers.push_back(json::Object{{"name", json::fixUTF8(row.name)},
                                  {"kind", row.kind},
                                  {"blobs", std::move(blobs)},
                                  {"shape", row.shape},
                                  {"parameters", row.parameters},
                                  {"bytes", row.bytes},
                                  {"encoding", row.encoding}});
  }
  json::Object object{{"schema", 1},
                      {"type", report.type},
                      {"specificationVersion", report.specificationVersion},
                      {"inputs", toJson(model.inputs())},
                      {"outputs", toJson(model.outputs())},
                      {"states", toJson(model.states())},
                      {"customLayers", toJson(model.customLayers())},
                      {"layers", std::move(layers)},
                      {"parameters", report.parameters},
                      {"weightBytes", report.weightBytes}};
  llvm::outs() << llvm::formatv("{0:2}\n", json::Value(std::move(object)));
}

static llvm::Expected<ExitCode> run(CommandLine &line) {
  bool asJson = line.takeFlag("--json"), verify = line.takeFlag("--verify");
  bool shapesOnly = line.takeFlag("--shapes");
  LoadOptions options;
  if (llvm::Error error = takeCustomLayerOptions(line, options))
    return std::move(error);
  llvm::Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  llvm::Expected<std::unique_ptr<Model>> model =
      Model::load(positional->front(), options);
  if (!model)
    return model.takeError();
  if (verify) {
    if (llvm::Error error = (*model)->checkRunnable())
      return std::move(error);
    return ExitCode::Ok;
  }
  if (shapesOnly)
    return printDeclaredShapes(**model, asJson);
  llvm::Error shapes = (*model)->checkShapes();
  // A model whose shapes do not fit can still be described.
  if (shapes) {
    ExitCode code;
    llvm::errs() << takeMessage(std::move(shapes), code) << '\n';
  }
  mlir::OwningOpRef<mlir::ModuleOp> copy = (*model)->getModule().clone();
  DiagnosticCollector quiet(copy->getContext());
  (void)inferShapes(llvm::cast<ModelOp>(copy->getBody()->front()));
  Report report = makeReport(*copy);
  if (asJson)
    printJson(**model, report);
  else
    printText(**model, report);
  return ExitCode::Ok;
}

const Command mlmodel::infoCommand = {
    "info", "what a model is: features, layers, shapes, sizes",
    R"(usage: mlmodel info MODEL [--json] [--verify | --shapes] [--custom-library L]

Prints inputs and outputs, and for each layer its kind, output shape, number of
parameters, their bytes and encoding. Custom layers that a rule knows are shown
as the layers that take their place.

  --json      one JSON object
  --verify    only check the model: exit 0 if it is valid and can be run here,
              3 with what is wrong, 4 with what is not supported, 5 with the
              limit that it exceeds
  --shapes    only tell which of the shapes that flexible inputs declare cannot
              work, and why: exit 3 if there are any
  --custom-library L, --custom-rules FILE
              as for mlmodel predict

  mlmodel info digits.mlmodel
)",
    run};
