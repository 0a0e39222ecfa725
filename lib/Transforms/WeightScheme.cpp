//===- WeightScheme.cpp - How one weight is to be stored ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/WeightScheme.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"
#include "MLModel/Support/NumPy.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

static constexpr std::pair<CompressionMethod, llvm::StringLiteral>
    methodNames[] = {
        {CompressionMethod::None, "none"},
        {CompressionMethod::Linear, "linear"},
        {CompressionMethod::LinearSymmetric, "linear-symmetric"},
        {CompressionMethod::Float16, "float16"},
        {CompressionMethod::Int8Dynamic, "int8-dynamic"},
        {CompressionMethod::KMeans, "kmeans"},
        {CompressionMethod::Uniform, "uniform"},
        {CompressionMethod::Unique, "unique"},
        {CompressionMethod::Table, "table"},
};

StringRef mlmodel::getMethodName(CompressionMethod method) {
  for (auto [value, name] : methodNames)
    if (value == method)
      return name;
  llvm_unreachable("unknown compression method");
}

std::optional<CompressionMethod> mlmodel::parseMethod(StringRef name) {
  for (auto [value, text] : methodNames)
    if (text == name)
      return value;
  return std::nullopt;
}

static Error usage(const Twine &message) {
  return makeError(ExitCode::Usage, message);
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static Error checkPruning(const Pruning &pruning) {
  switch (pruning.method) {
  case Pruning::Method::Block:
    if (pruning.block < 2)
      return usage("block is " + Twine(pruning.block) +
                   ", expected at least 2");
    [[fallthrough]];
  case Pruning::Method::Magnitude:
    if (!(pruning.sparsity >= 0 && pruning.sparsity <= 1))
      return usage(
          llvm::formatv("sparsity is {0}, expected 0 to 1", pruning.sparsity)
              .str());
    return Error::success();
  case Pruning::Method::Threshold:
    if (!(pruning.threshold >= 0) || std::isinf(pruning.threshold))
      return usage(
          llvm::formatv("threshold is {0}, expected a number from 0 on",
                        pruning.threshold)
              .str());
    return Error::success();
  case Pruning::Method::NofM:
    if (pruning.m < 2 || pruning.n < 1 || pruning.n >= pruning.m)
      return usage("n:m is " + Twine(pruning.n) + ":" + Twine(pruning.m) +
                   ", expected 1 <= n < m");
    return Error::success();
  }
  llvm_unreachable("unknown pruning method");
}

/// The least number of bits of a method; greater than the greatest if the
/// method takes none.
static std::optional<unsigned> getLeastBits(CompressionMethod method) {
  switch (method) {
  case CompressionMethod::None:
  case CompressionMethod::Float16:
  case CompressionMethod::Int8Dynamic:
    return std::nullopt;
  case CompressionMethod::LinearSymmetric:
    return 2;
  case CompressionMethod::Unique:
  case CompressionMethod::Table:
    return 0;
  case CompressionMethod::Linear:
  case CompressionMethod::KMeans:
  case CompressionMethod::Uniform:
    return 1;
  }
  llvm_unreachable("unknown compression method");
}

static Error checkTable(const WeightScheme &scheme) {
  if (!scheme.table || scheme.table->empty())
    return usage("mode is 'table', but no table is given");
  size_t room = size_t(1) << (scheme.bits ? scheme.bits : 8);
  if (scheme.table->size() > room)
    return usage("the table has " + Twine(scheme.table->size()) +
                 " values, expected at most " + Twine(room));
  for (auto [i, value] : llvm::enumerate(*scheme.table))
    if (!std::isfinite(value))
      return usage(
          llvm::formatv("the table's value {0} is {1}", i, value).str());
  if (scheme.keepsZeros() && !llvm::is_contained(*scheme.table, 0.0f))
    return usage("the table has no 0, so that zeros cannot stay zeros");
  return Error::success();
}

Error WeightScheme::check() const {
  if (std::optional<unsigned> least = getLeastBits(method))
    if (bits < *least || bits > 8)
      return usage("bits is " + Twine(bits) + ", expected " + Twine(*least) +
                   " to 8 for " + getMethodName(method));
  if (method == CompressionMethod::Uniform && keepsZeros())
    return usage("a uniform palette has no exact 0, so that zeros cannot stay "
                 "zeros; use kmeans");
  if (method == CompressionMethod::Table)
    if (Error error = checkTable(*this))
      return error;
  if (pruning)
    return checkPruning(*pruning);
  return Error::success();
}

static std::string describePruning(const Pruning &pruning) {
  switch (pruning.method) {
  case Pruning::Method::Magnitude:
    return llvm::formatv("magnitude {0}", pruning.sparsity);
  case Pruning::Method::Threshold:
    return llvm::formatv("threshold {0}", pruning.threshold);
  case Pruning::Method::NofM:
    return llvm::formatv("{0}:{1}", pruning.n, pruning.m);
  case Pruning::Method::Block:
    return llvm::formatv("blocks of {0} {1}", pruning.block, pruning.sparsity);
  }
  llvm_unreachable("unknown pruning method");
}

std::string WeightScheme::describe() const {
  std::string text;
  if (pruning)
    text = describePruning(*pruning);
  if (method == CompressionMethod::None)
    return text.empty() ? "none" : text;
  text += (text.empty() ? "" : ", ") + getMethodName(method).str();
  if (getLeastBits(method) && bits)
    text += ", " + std::to_string(bits) + " bits";
  return text;
}

//===----------------------------------------------------------------------===//
// From options
//===----------------------------------------------------------------------===//

/// The numbers of a text file, between white space, commas and brackets, or
/// of a .npy file.
static Expected<std::vector<float>> readTable(const std::string &path) {
  if (StringRef(path).ends_with_insensitive(".npy")) {
    Expected<Tensor> tensor = readNumPyFile(path);
    if (!tensor)
      return tensor.takeError();
    Tensor floats = tensor->convertTo(ElementType::Float32);
    return std::vector<float>(floats.data<float>());
  }
  Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  std::vector<float> values;
  llvm::SmallVector<StringRef> words;
  llvm::SplitString((*file)->text(), words, " \t\r\n,;[]");
  for (StringRef word : words) {
    double value;
    if (word.getAsDouble(value))
      return makeError(ExitCode::IO,
                       path + ": '" + word.take_front(32) + "' is no number");
    values.push_back(static_cast<float>(value));
  }
  return values;
}

static Expected<std::optional<Pruning>> resolvePruning(const SchemeSpec &spec) {
  Pruning pruning;
  int given = bool(spec.sparsify) + bool(spec.threshold) + !spec.nOfM.empty();
  if (given > 1)
    return usage("give one of sparsify, threshold and n:m");
  if (!spec.along.empty() && spec.along != "inputs" && spec.along != "outputs")
    return usage("along is '" + spec.along + "', expected inputs or outputs");
  if (given == 0) {
    if (spec.block || !spec.along.empty())
      return usage("block and along go with sparsify or n:m");
    return std::nullopt;
  }
  if (spec.block && !spec.sparsify)
    return usage("block goes with sparsify");
  bool isNofM = !spec.nOfM.empty();
  if (!spec.along.empty() && !spec.block && !isNofM)
    return usage("along goes with block or n:m");
  // Runs of blocks go along the outputs, runs of n:m along the inputs.
  pruning.alongOutputs =
      spec.along.empty() ? spec.block != 0 : spec.along == "outputs";
  if (isNofM) {
    auto [n, m] = StringRef(spec.nOfM).split(':');
    if (n.getAsInteger(10, pruning.n) || m.getAsInteger(10, pruning.m))
      return usage("n:m is '" + spec.nOfM + "', expected two numbers, as 2:4");
    pruning.method = Pruning::Method::NofM;
  } else if (spec.threshold) {
    pruning.method = Pruning::Method::Threshold;
    pruning.threshold = static_cast<float>(*spec.threshold);
  } else {
    pruning.method =
        spec.block ? Pruning::Method::Block : Pruning::Method::Magnitude;
    pruning.sparsity = *spec.sparsify;
    pruning.block = spec.block;
  }
  return pruning;
}

static Error resolveQuantization(const SchemeSpec &spec, WeightScheme &scheme) {
  if (spec.int8Dynamic) {
    if (spec.quantize && *spec.quantize != 8)
      return usage("int8-dynamic has 8 bits, not " + Twine(*spec.quantize));
    if (spec.symmetric)
      return usage("symmetric does not go with int8-dynamic");
    scheme.method = CompressionMethod::Int8Dynamic;
    return Error::success();
  }
  if (*spec.quantize == 16) {
    if (spec.symmetric || spec.perTensor)
      return usage("symmetric and per-tensor go with 1 to 8 bits");
    scheme.method = CompressionMethod::Float16;
    return Error::success();
  }
  scheme.bits = *spec.quantize;
  scheme.perTensor = spec.perTensor;
  scheme.method = spec.symmetric ? CompressionMethod::LinearSymmetric
                                 : CompressionMethod::Linear;
  return Error::success();
}

static Error resolvePalette(const SchemeSpec &spec, WeightScheme &scheme) {
  StringRef mode = spec.mode;
  if (mode.empty())
    mode = spec.table.empty() ? "kmeans" : "table";
  std::optional<CompressionMethod> method = parseMethod(mode);
  if (!method || *method < CompressionMethod::KMeans)
    return usage("mode is '" + mode +
                 "', expected kmeans, uniform, unique or table");
  scheme.method = *method;
  scheme.bits = *spec.palettize;
  if ((*method == CompressionMethod::Table) != !spec.table.empty())
    return usage("mode table and a table's file go together");
  if (spec.table.empty())
    return Error::success();
  Expected<std::vector<float>> table = readTable(spec.table);
  if (!table)
    return table.takeError();
  scheme.table = std::make_shared<const std::vector<float>>(std::move(*table));
  return Error::success();
}

Expected<std::optional<WeightScheme>> SchemeSpec::resolve() const {
  bool isQuantized = quantize || int8Dynamic;
  if (isQuantized && palettize)
    return usage("give one of quantize and palettize");
  if (!isQuantized && (symmetric || perTensor))
    return usage("symmetric and per-tensor go with quantize");
  if (!palettize && (!mode.empty() || !table.empty()))
    return usage("mode and table go with palettize");
  Expected<std::optional<Pruning>> pruning = resolvePruning(*this);
  if (!pruning)
    return pruning.takeError();
  if (!isQuantized && !palettize && !*pruning)
    return std::nullopt;
  WeightScheme scheme;
  scheme.method = CompressionMethod::None;
  scheme.pruning = *pruning;
  scheme.keepZeros = keepZeros;
  if (isQuantized)
    if (Error error = resolveQuantization(*this, scheme))
      return std::move(error);
  if (palettize)
    if (Error error = resolvePalette(*this, scheme))
      return std::move(error);
  if (Error error = scheme.check())
    return std::move(error);
  return scheme;
}
