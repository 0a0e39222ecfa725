//===- NetworkHeader.cpp - The C header of a compiled network -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Description.h"
#include "MLModel/Runtime/AheadOfTime.h"
#include "MLModel/Runtime/CompiledStage.h"
#include "MLModel/Support/Errors.h"
#include "Preprocessing.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

std::string mlmodel::makeIdentifier(StringRef text) {
  std::string name;
  for (char c : text)
    name += llvm::isAlnum(c) ? c : '_';
  if (name.empty() || llvm::isDigit(name.front()))
    name.insert(name.begin(), '_');
  return name;
}

/// \p text for a C comment or string: what would end either is left out.
static std::string quote(StringRef text) {
  std::string escaped;
  llvm::raw_string_ostream os(escaped);
  os.write_escaped(text, /*UseHexEscapes=*/false);
  size_t end;
  while ((end = escaped.find("*/")) != std::string::npos)
    escaped.replace(end, 2, "* /");
  return escaped;
}

/// blobs[index] as part of a C name. Where others differ from it only in what C
/// names cannot have, the index makes them differ.
static std::string makeIdentifier(ArrayRef<std::string> blobs, size_t index) {
  std::string name = makeIdentifier(blobs[index]);
  size_t equal = llvm::count_if(blobs, [&](const std::string &other) {
    return StringRef(makeIdentifier(other)).equals_insensitive(name);
  });
  return equal > 1 ? name + "_" + std::to_string(index) : name;
}

namespace {

class HeaderWriter {
public:
  HeaderWriter(const Model &model, const CompiledNetwork &network,
               StringRef name)
      : model(model), network(network), name(name),
        upper(StringRef(name).upper()),
        op(llvm::cast<NetworkOp>(
            *llvm::cast<ModelOp>(model.getModule().getBody()->front())
                 .getContent())),
        os(text) {}

  Expected<std::string> write();

private:
  void writeBlobs(StringRef kind, ArrayRef<std::string> blobs,
                  ArrayRef<CompiledStage::Shape> shapes,
                  ArrayRef<FeatureDescription> features);
  void writeFunction();
  Error writeImages();
  void writeLabels();

  const Model &model;
  const CompiledNetwork &network;
  std::string name, upper;
  NetworkOp op;
  std::string text;
  llvm::raw_string_ostream os;
};

} // namespace

static const FeatureDescription *
findByName(ArrayRef<FeatureDescription> features, StringRef name) {
  const auto *it = llvm::find_if(
      features, [&](const auto &feature) { return feature.name == name; });
  return it == features.end() ? nullptr : it;
}

/// An index, a size and the shape for each blob.
void HeaderWriter::writeBlobs(StringRef kind, ArrayRef<std::string> blobs,
                              ArrayRef<CompiledStage::Shape> shapes,
                              ArrayRef<FeatureDescription> features) {
  os << llvm::formatv("#define {0}_{1}_COUNT {2}\n", upper, kind, blobs.size());
  for (auto [i, blob, shape] : llvm::enumerate(blobs, shapes)) {
    int64_t count = 1;
    for (int64_t size : shape)
      count *= size;
    std::string macro = upper + "_" + kind.str() + "_" +
                        StringRef(makeIdentifier(blobs, i)).upper();
    os << "\n/* '" << quote(blob) << "'";
    if (const FeatureDescription *feature = findByName(features, blob))
      os << ", " << feature->describe();
    os << ": float32 ["
       << llvm::join(
              llvm::map_range(
                  shape, [](int64_t size) { return std::to_string(size); }),
              ", ")
       << "] */\n"
       << llvm::formatv("#define {0} {1}\n#define {0}_SIZE {2}\n", macro, i,
                        count);
  }
  os << '\n';
}

void HeaderWriter::writeFunction() {
  os << llvm::formatv(
      R"(/* Bytes that {0}_predict needs for intermediate results. */
#define {1}_ARENA_BYTES {2}
#define {1}_ARENA_ALIGNMENT {3}

/* Reads inputs[{1}_INPUT_...], writes outputs[{1}_OUTPUT_...]: arrays of
   float32, row-major, that do not overlap. The arena is as large and as aligned
   as said above; what is in it does not matter. Calls may run at the same time
   if each has its own outputs and arena. */
void {0}_predict(const float *const *inputs, float *const *outputs, void *arena);
)",
      name, upper, network.stage->arenaBytes, CompiledStage::kArenaAlignment);
}

/// A function for each image input that does what the model's preprocessing
/// does.
Error HeaderWriter::writeImages() {
  for (auto [index, blob, shape] :
       llvm::enumerate(network.inputs, network.stage->inputs)) {
    const FeatureDescription *feature = findByName(model.inputs(), blob);
    if (!feature || feature->kind != FeatureKind::Image)
      continue;
    Expected<PixelScale> scale = getPixelScale(op, *feature);
    if (!scale)
      return scale.takeError();
    size_t channels = scale->biases.size(), rank = shape.size();
    bool isReversed = feature->colorSpace == ColorSpace::BGR;
    os << llvm::formatv(R"(
/* The blob of image '{0}': pixels are 8-bit, {1}, row by row, {2} x {3}. */
static inline void {4}_load_{5}(const unsigned char *pixels, float *blob) {{
)",
                        quote(blob), channels == 1 ? "gray" : "RGB",
                        shape[rank - 2], shape[rank - 1], name,
                        makeIdentifier(network.inputs, index));
    os << "  static const float biases[] = {"
       << llvm::join(
              llvm::map_range(scale->biases,
                              [](float bias) {
                                return llvm::formatv("{0:e9}f", bias).str();
                              }),
              ", ")
       << "};\n"
       << llvm::formatv(R"(  for (long c = 0; c < {0}; ++c)
    for (long i = 0; i < {1}; ++i)
      blob[c * {1} + i] = {2:e9}f * pixels[i * {0} + {3}] + biases[c];
}
)",
                        channels, shape[rank - 2] * shape[rank - 1],
                        scale->scale, isReversed ? "2 - c" : "c");
  }
  return Error::success();
}

void HeaderWriter::writeLabels() {
  std::vector<Label> labels = getClassLabels(op);
  if (labels.empty())
    return;
  bool areTexts = std::holds_alternative<std::string>(labels.front());
  os << llvm::formatv("\n/* The classes, in the order of their "
                      "probabilities. */\nstatic const {0}{1}_labels[{2}] = {{",
                      areTexts ? "char *const " : "long long ", name,
                      labels.size());
  for (const Label &label : labels)
    if (const auto *string = std::get_if<std::string>(&label))
      os << "\n    \"" << quote(*string) << "\",";
    else
      os << "\n    " << std::get<int64_t>(label) << ",";
  os << "\n};\n";
}

Expected<std::string> HeaderWriter::write() {
  os << llvm::formatv(R"(/* A network compiled by mlmodel; do not edit. */
#ifndef {0}_H
#define {0}_H

#ifdef __cplusplus
extern "C" {{
#endif

)",
                      upper);
  writeBlobs("INPUT", network.inputs, network.stage->inputs, model.inputs());
  writeBlobs("OUTPUT", network.outputs, network.stage->outputs,
             model.outputs());
  writeFunction();
  if (Error error = writeImages())
    return std::move(error);
  writeLabels();
  os << llvm::formatv(R"(
#ifdef __cplusplus
}
#endif

#endif /* {0}_H */
)",
                      upper);
  return text;
}

Expected<std::string> mlmodel::makeNetworkHeader(const Model &model,
                                                 const CompiledNetwork &network,
                                                 StringRef name) {
  return HeaderWriter(model, network, name).write();
}
