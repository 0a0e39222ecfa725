//===- CompareLayers.cpp - Where two models begin to differ ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompareLayers.h"
#include "LayerDump.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

namespace {
/// How one blob differs, over all inputs.
struct BlobDifference {
  std::string layer, kind, blob;
  unsigned run;
  double greatest = 0, maxError = 0;

  /// Adds the values of one prediction.
  Error add(const Tensor &a, const Tensor &b);
  /// The blob, with a number if its layer ran before.
  std::string getTitle() const {
    return run == 0 ? blob : blob + "." + std::to_string(run);
  }
  /// NaN, which compares with nothing, if only one side has it.
  double getRelativeError() const {
    return maxError == 0 ? 0 : maxError / greatest;
  }
};

/// The other side: a model, or files.
class Reference {
public:
  Error open(StringRef path, const LoadOptions &options);
  bool isDirectory() const { return !model; }
  Error predict(const FeatureMap &inputs);
  /// The values of a blob; nothing if the reference has no such blob.
  Expected<std::optional<Tensor>> get(const LayerBlob &wanted) const;

private:
  std::unique_ptr<Model> model;
  BlobIndex index;
  LayerDump files;
};

struct LayerComparison {
  /// In the order of the first input for which a layer ran.
  std::vector<BlobDifference> blobs;
  /// Blobs that the reference does not have.
  size_t missing = 0;

  Error add(llvm::ArrayRef<LayerBlob> layers, const Reference &reference);
  BlobDifference &getDifference(const LayerBlob &blob);
  const BlobDifference *findFirstAbove(double limit) const;

private:
  /// Where a layer's blob of a run is in `blobs`.
  std::map<std::tuple<std::string, std::string, unsigned>, size_t> places;
};
} // namespace

static Expected<std::unique_ptr<Model>> loadObserved(StringRef path,
                                                     LoadOptions options) {
  options.observe = [](StringRef) { return true; };
  return Model::load(path, options);
}

//===----------------------------------------------------------------------===//
// The reference
//===----------------------------------------------------------------------===//

Error Reference::open(StringRef path, const LoadOptions &options) {
  if (llvm::sys::fs::is_directory(path))
    return files.open(path);
  return loadObserved(path, options).moveInto(model);
}

Error Reference::predict(const FeatureMap &inputs) {
  if (!model)
    return Error::success();
  if (Error error = model->predict(inputs).takeError())
    return error;
  index = BlobIndex();
  for (const LayerBlob &blob : model->layerBlobs())
    index.add(blob.layer, blob.blob, blob.run);
  return Error::success();
}

Expected<std::optional<Tensor>> Reference::get(const LayerBlob &wanted) const {
  if (!model)
    return files.get(wanted);
  std::optional<size_t> place = index.find(wanted, /*mayRename=*/true);
  if (!place)
    return std::nullopt;
  return model->layerBlobs()[*place].value;
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

Error BlobDifference::add(const Tensor &a, const Tensor &b) {
  // References of other tools leave out or add axes of one element.
  if (a.size() != b.size())
    return makeError(ExitCode::ComparisonFailed,
                     "layer '" + layer + "' (" + kind + "): blob '" + blob +
                         "' has shape " + shapeToString(a.shape()) +
                         " in A but " + shapeToString(b.shape()) + " in B");
  for (auto [x, y] : llvm::zip(a.data<float>(), b.data<float>())) {
    // Equal infinities, and NaN on both sides, do not differ.
    if (x == y || (std::isnan(x) && std::isnan(y)))
      continue;
    double error = std::abs(double(x) - y);
    // Nothing is greater than NaN: it stays.
    if (std::isnan(error) || error > maxError)
      maxError = error;
  }
  for (float x : a.data<float>())
    if (std::isfinite(x))
      greatest = std::max(greatest, std::abs(double(x)));
  return Error::success();
}

Error LayerComparison::add(llvm::ArrayRef<LayerBlob> layers,
                           const Reference &reference) {
  missing = 0;
  for (const LayerBlob &layer : layers) {
    Expected<std::optional<Tensor>> other = reference.get(layer);
    if (!other)
      return other.takeError();
    missing += !*other;
    if (!*other)
      continue;
    if (Error error = getDifference(layer).add(layer.value, **other))
      return error;
  }
  return Error::success();
}

BlobDifference &LayerComparison::getDifference(const LayerBlob &blob) {
  auto [place, isNew] =
      places.try_emplace({blob.layer, blob.blob, blob.run}, blobs.size());
  if (isNew)
    blobs.push_back({blob.layer, blob.kind, blob.blob, blob.run});
  return blobs[place->second];
}

const BlobDifference *LayerComparison::findFirstAbove(double limit) const {
  for (const BlobDifference &blob : blobs)
    if (!(blob.getRelativeError() <= limit))
      return &blob;
  return nullptr;
}

static Expected<LayerComparison> compare(const CompareLayersOptions &options) {
  Expected<std::unique_ptr<Model>> model = loadObserved(options.a, options.run);
  if (!model)
    return model.takeError();
  Reference reference;
  if (Error error = reference.open(options.b, options.run))
    return std::move(error);
  Expected<DataSet> data = options.makeInputs(**model);
  if (!data)
    return data.takeError();
  if (reference.isDirectory() && data->size() != 1)
    return makeError(ExitCode::Usage,
                     options.b + ": has the values of one input, got " +
                         Twine(data->size()));
  LayerComparison comparison;
  for (size_t i = 0; i != data->size(); ++i) {
    Expected<FeatureMap> inputs = data->get(i);
    if (!inputs)
      return inputs.takeError();
    if (Error error = (*model)->predict(*inputs).takeError())
      return std::move(error);
    if (Error error = reference.predict(*inputs))
      return std::move(error);
    if (Error error = comparison.add((*model)->layerBlobs(), reference))
      return std::move(error);
  }
  if (comparison.blobs.empty())
    return makeError(ExitCode::ComparisonFailed,
                     options.b + ": has no blob of " + options.a);
  return comparison;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static void printText(const LayerComparison &c, const BlobDifference *first,
                      double limit) {
  auto &os = llvm::outs();
  size_t width = 5;
  for (const BlobDifference &blob : c.blobs)
    width = std::max(width, blob.getTitle().size());
  std::string format =
      "{0,-" + std::to_string(width) + "}  {1,9}  {2,9}  {3}\n";
  os << llvm::formatv(format.c_str(), "blob", "max error", "relative", "layer");
  for (const BlobDifference &blob : c.blobs)
    os << llvm::formatv(format.c_str(), blob.getTitle(),
                        llvm::formatv("{0:E2}", blob.maxError).str(),
                        llvm::formatv("{0:E2}", blob.getRelativeError()).str(),
                        blob.layer + " (" + blob.kind + ")");
  if (c.missing)
    os << llvm::formatv("{0} blobs of A are not in B\n", c.missing);
  if (first)
    os << llvm::formatv("first above {0:E1}: layer '{1}' ({2})\n", limit,
                        first->layer, first->kind);
  else
    os << llvm::formatv("no layer is above {0:E1}\n", limit);
}

static json::Value toJson(double number) {
  return std::isfinite(number) ? json::Value(number) : json::Value(nullptr);
}

static void printJson(const LayerComparison &c, const BlobDifference *first) {
  json::Array blobs;
  for (const BlobDifference &blob : c.blobs)
    blobs.push_back(
        json::Object{{"blob", json::fixUTF8(blob.blob)},
                     {"run", int64_t(blob.run)},
                     {"layer", json::fixUTF8(blob.layer)},
                     {"kind", blob.kind},
                     {"max_abs_error", toJson(blob.maxError)},
                     {"relative_error", toJson(blob.getRelativeError())}});
  json::Object all{{"blobs", std::move(blobs)},
                   {"missing", int64_t(c.missing)}};
  if (first)
    all["first_layer"] = json::fixUTF8(first->layer);
  llvm::outs() << llvm::formatv("{0:2}\n", json::Value(std::move(all)));
}

Expected<ExitCode> mlmodel::compareLayers(const CompareLayersOptions &options) {
  Expected<LayerComparison> comparison = compare(options);
  if (!comparison)
    return comparison.takeError();
  const BlobDifference *first =
      comparison->findFirstAbove(options.maxRelativeError);
  if (options.asJson)
    printJson(*comparison, first);
  else
    printText(*comparison, first, options.maxRelativeError);
  return first ? ExitCode::ComparisonFailed : ExitCode::Ok;
}
