//===- Values.cpp - Feature values on the command line --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Values.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Image.h"
#include "MLModel/Support/Json.h"
#include "MLModel/Support/NumPy.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlmodel;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static llvm::Expected<FeatureValue>
parseNumber(const FeatureDescription &feature, StringRef text) {
  if (int64_t integer;
      feature.kind == FeatureKind::Int64 && !text.getAsInteger(10, integer))
    return FeatureValue(integer);
  double number;
  if (text.getAsDouble(number))
    return makeError(ExitCode::Usage, "input '" + feature.name + "' is " +
                                          feature.describe() + ", got '" +
                                          text + "'");
  return FeatureValue(number);
}

/// A list of numbers takes the declared shape if it fills it.
static llvm::Expected<FeatureValue> makeArray(const FeatureDescription &feature,
                                              llvm::ArrayRef<double> numbers) {
  llvm::SmallVector<int64_t> shape{static_cast<int64_t>(numbers.size())};
  if (elementCount(feature.shape) == shape[0] && !feature.shape.empty())
    shape.assign(feature.shape.begin(), feature.shape.end());
  return FeatureValue(Tensor::fromValues<double>(shape, numbers));
}

static llvm::Expected<FeatureValue>
parseNumbers(const FeatureDescription &feature, StringRef text) {
  std::vector<double> numbers;
  for (StringRef item : llvm::split(text, ',')) {
    double number;
    if (item.trim().getAsDouble(number))
      return makeError(ExitCode::Usage,
                       "input '" + feature.name + "' is " + feature.describe() +
                           ", got '" + text +
                           "', which is neither numbers nor a known file type");
    numbers.push_back(number);
  }
  return makeArray(feature, numbers);
}

static bool collectNumbers(const json::Value &value, size_t depth,
                           std::vector<double> &numbers,
                           llvm::SmallVectorImpl<int64_t> &shape) {
  if (std::optional<double> number = value.getAsNumber()) {
    numbers.push_back(*number);
    return depth == shape.size();
  }
  const json::Array *list = value.getAsArray();
  if (!list)
    return false;
  if (depth == shape.size() && numbers.empty())
    shape.push_back(list->size());
  if (depth >= shape.size() ||
      shape[depth] != static_cast<int64_t>(list->size()))
    return false;
  return llvm::all_of(*list, [&](const json::Value &item) {
    return collectNumbers(item, depth + 1, numbers, shape);
  });
}

static llvm::Expected<FeatureValue> fromJson(const FeatureDescription &feature,
                                             const json::Value &value) {
  if (std::optional<StringRef> text = value.getAsString())
    return FeatureValue(text->str());
  if (std::optional<int64_t> integer = value.getAsInteger();
      integer && feature.kind == FeatureKind::Int64)
    return FeatureValue(*integer);
  if (std::optional<double> number = value.getAsNumber())
    return FeatureValue(*number);
  if (const json::Object *object = value.getAsObject()) {
    Dictionary entries;
    for (const auto &[key, item] : *object) {
      std::optional<double> number = item.getAsNumber();
      if (!number)
        return makeError(ExitCode::Usage,
                         "input '" + feature.name + "': the value of key '" +
                             StringRef(key) + "' is not a number");
      entries.emplace_back(StringRef(key).str(), *number);
    }
    return FeatureValue(std::move(entries));
  }
  std::vector<double> numbers;
  llvm::SmallVector<int64_t> shape;
  if (!collectNumbers(value, 0, numbers, shape))
    return makeError(ExitCode::Usage, "input '" + feature.name +
                                          "': the list is not a full array of "
                                          "numbers");
  return FeatureValue(Tensor::fromValues<double>(shape, numbers));
}

static llvm::Expected<FeatureValue> readFile(const FeatureDescription &feature,
                                             StringRef path) {
  if (path.ends_with_insensitive(".npy")) {
    llvm::Expected<Tensor> tensor = readNumPyFile(path);
    if (!tensor)
      return tensor.takeError();
    return FeatureValue(std::move(*tensor));
  }
  if (path.ends_with_insensitive(".npz")) {
    llvm::Expected<std::vector<NamedTensor>> all = readNumPyArchive(path);
    if (!all)
      return all.takeError();
    for (NamedTensor &entry : *all)
      if (entry.name == feature.name || all->size() == 1)
        return FeatureValue(std::move(entry.tensor));
    return makeError(ExitCode::IO,
                     path + ": has no array named '" + feature.name + "'");
  }
  if (path.ends_with_insensitive(".json")) {
    llvm::Expected<json::Value> value = readJsonFile(path);
    if (!value)
      return value.takeError();
    return fromJson(feature, *value);
  }
  llvm::Expected<Tensor> image = readImageFile(
      path, feature.colorSpace == ColorSpace::Gray ? PixelFormat::Gray
                                                   : PixelFormat::RGB);
  if (!image)
    return image.takeError();
  return FeatureValue(std::move(*image));
}

static bool isFileName(StringRef text) {
  for (StringRef suffix : {".npy", ".npz", ".json", ".png", ".jpg", ".jpeg"})
    if (text.ends_with_insensitive(suffix))
      return true;
  return false;
}

llvm::Expected<FeatureValue>
mlmodel::parseValue(const Model &model, const FeatureDescription &feature,
                    StringRef text) {
  if (feature.kind == FeatureKind::String)
    return FeatureValue(text.str());
  if (isFileName(text))
    return readFile(feature, text);
  if (text == "zeros" || text.starts_with("random")) {
    std::optional<uint64_t> seed;
    if (text != "zeros") {
      StringRef number = text.substr(strlen("random"));
      seed = 0;
      if (!number.empty() &&
          (!number.consume_front(":") || number.getAsInteger(10, *seed)))
        return makeError(ExitCode::Usage, "'" + text +
                                              "' is not of the form "
                                              "random:SEED");
    }
    llvm::Expected<FeatureMap> made = model.makeInputs(seed);
    if (!made)
      return made.takeError();
    return std::move((*made)[feature.name]);
  }
  if (feature.kind == FeatureKind::Int64 || feature.kind == FeatureKind::Double)
    return parseNumber(feature, text);
  return parseNumbers(feature, text);
}

static llvm::Expected<const FeatureDescription *> findInput(const Model &model,
                                                            StringRef name) {
  std::string known;
  for (const FeatureDescription &feature : model.inputs()) {
    if (feature.name == name)
      return &feature;
    known += (known.empty() ? "'" : ", '") + feature.name + "'";
  }
  return makeError(ExitCode::Usage,
                   "the model has no input '" + name + "'; it has " + known);
}

llvm::Error mlmodel::addInput(const Model &model, StringRef assignment,
                              FeatureMap &inputs) {
  // Names may hold '=' too: take the longest name that fits.
  StringRef name = assignment.split('=').first;
  for (const FeatureDescription &feature : model.inputs())
    if (assignment.starts_with(feature.name + "=") &&
        feature.name.size() > name.size())
      name = feature.name;
  if (name.size() == assignment.size())
    return makeError(ExitCode::Usage, "input '" + assignment +
                                          "' is not of the form NAME=VALUE");
  llvm::Expected<const FeatureDescription *> feature = findInput(model, name);
  if (!feature)
    return feature.takeError();
  llvm::Expected<FeatureValue> value =
      parseValue(model, **feature, assignment.drop_front(name.size() + 1));
  if (!value)
    return value.takeError();
  inputs[name.str()] = std::move(*value);
  return llvm::Error::success();
}

llvm::Error mlmodel::addInputs(const Model &model, const json::Object &object,
                               FeatureMap &inputs) {
  for (const auto &[key, value] : object) {
    StringRef name(key);
    llvm::Expected<const FeatureDescription *> feature = findInput(model, name);
    if (!feature)
      return feature.takeError();
    std::optional<StringRef> text = value.getAsString();
    llvm::Expected<FeatureValue> parsed =
        text ? parseValue(model, **feature, *text) : fromJson(**feature, value);
    if (!parsed)
      return parsed.takeError();
    inputs[name.str()] = std::move(*parsed);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

std::string mlmodel::fileNameFor(StringRef name) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) || c == '-' || c == '.' || c == '_' ? c : '_';
  if (result.empty() || result[0] == '.')
    result = "_" + result;
  return result;
}

static std::string toText(StringRef bytes) {
  return json::isUTF8(bytes) ? bytes.str() : json::fixUTF8(bytes);
}

static json::Value toJson(const Label &label) {
  if (const auto *text = std::get_if<std::string>(&label))
    return toText(*text);
  return std::get<int64_t>(label);
}

/// JSON has no infinities or NaN; they are written as strings.
static json::Value toJson(double number) {
  if (std::isfinite(number))
    return number;
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

static std::string keyOf(const Label &label) {
  if (const auto *text = std::get_if<std::string>(&label))
    return toText(*text);
  return std::to_string(std::get<int64_t>(label));
}

static json::Value shorten(const Tensor &tensor) {
  constexpr int64_t kShown = 8;
  Tensor doubles = tensor.convertTo(ElementType::Float64);
  json::Array values;
  for (double value :
       doubles.data<double>().take_front(std::min(tensor.size(), kShown)))
    values.push_back(toJson(value));
  if (tensor.size() > kShown)
    values.push_back("...");
  return json::Object{{"type", "multiArray"},
                      {"dataType", elementTypeName(tensor.type())},
                      {"shape", json::Array(tensor.shape())},
                      {"values", std::move(values)}};
}

static llvm::Expected<json::Value>
writeTensor(const FeatureDescription *feature, StringRef name,
            const Tensor &tensor, StringRef directory) {
  if (directory.empty())
    return shorten(tensor);
  bool isImage = feature && feature->kind == FeatureKind::Image;
  std::string stem = fileNameFor(name);
  std::string path = (directory + "/" + stem).str();
  if (llvm::Error error = writeNumPyFile(path + ".npy", tensor))
    return std::move(error);
  if (isImage)
    if (llvm::Error error = writePNGFile(path + ".png", tensor))
      return std::move(error);
  return json::Object{{"type", isImage ? "image" : "multiArray"},
                      {"file", stem + ".npy"}};
}

llvm::Expected<json::Value>
mlmodel::writeOutput(const FeatureDescription *feature, StringRef name,
                     const FeatureValue &value, StringRef directory) {
  if (const auto *tensor = std::get_if<Tensor>(&value))
    return writeTensor(feature, name, *tensor, directory);
  if (const auto *text = std::get_if<std::string>(&value))
    return json::Object{{"type", "string"}, {"value", toText(*text)}};
  if (const auto *integer = std::get_if<int64_t>(&value))
    return json::Object{{"type", "int64"}, {"value", *integer}};
  if (const auto *number = std::get_if<double>(&value))
    return json::Object{{"type", "double"}, {"value", toJson(*number)}};
  if (const auto *dictionary = std::get_if<Dictionary>(&value)) {
    json::Object entries;
    for (const auto &[key, number] : *dictionary)
      entries[keyOf(key)] = toJson(number);
    return json::Object{{"type", "dictionary"}, {"value", std::move(entries)}};
  }
  json::Array items;
  for (const Label &label : std::get<Sequence>(value))
    items.push_back(toJson(label));
  return json::Object{{"type", "sequence"}, {"value", std::move(items)}};
}

llvm::Expected<json::Object>
mlmodel::writeOutputs(llvm::ArrayRef<FeatureDescription> descriptions,
                      const FeatureMap &features, StringRef directory) {
  if (!directory.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(directory))
      return makeError(ExitCode::IO, directory + ": " + error.message());
  json::Object results;
  for (const auto &[name, value] : features) {
    const auto *feature = llvm::find_if(
        descriptions, [&](auto &output) { return output.name == name; });
    llvm::Expected<json::Value> result =
        writeOutput(feature == descriptions.end() ? nullptr : feature, name,
                    value, directory);
    if (!result)
      return result.takeError();
    results[toText(name)] = std::move(*result);
  }
  if (directory.empty())
    return results;
  std::string text =
      llvm::formatv("{0:2}\n", json::Value(json::Object(results))).str();
  if (llvm::Error error = writeFileAtomically(
          (directory + "/outputs.json").str(), StringRef(text)))
    return std::move(error);
  return results;
}
