//===- DataSet.cpp - Many inputs for a model ------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DataSet.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Json.h"
#include "MLModel/Support/NumPy.h"
#include "Values.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlmodel;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

static Expected<FeatureDescription> getOnlyInput(const Model &model) {
  const FeatureDescription *only = nullptr;
  for (const FeatureDescription &input : model.inputs()) {
    if (input.isOptional)
      continue;
    if (only)
      return makeError(ExitCode::Usage,
                       "--inputs: the model has several inputs; list them in "
                       "a .json file");
    only = &input;
  }
  if (!only)
    return makeError(ExitCode::Usage, "--inputs: the model has no input");
  return *only;
}

/// The files of a directory that can be an input, sorted by name.
static Expected<std::vector<std::string>> listInputs(StringRef directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(directory, error), end;
       it != end && !error; it.increment(error)) {
    StringRef extension = llvm::sys::path::extension(it->path());
    for (StringRef known : {".png", ".jpg", ".jpeg", ".npy"})
      if (extension.equals_insensitive(known))
        files.push_back(it->path());
  }
  if (error)
    return makeError(ExitCode::IO, directory + ": " + error.message());
  if (files.empty())
    return makeError(ExitCode::IO,
                     directory + ": has no .png, .jpg, .jpeg or .npy file");
  llvm::sort(files);
  return files;
}

/// Entry \p index of the first axis, in the input's declared shape if it has
/// as many values.
static Expected<Tensor> slice(const Tensor &all, size_t index,
                              const FeatureDescription &input) {
  Expected<Tensor> entry =
      Tensor::createUninitialized(all.type(), all.shape().drop_front());
  if (!entry)
    return entry.takeError();
  size_t bytes = entry->bytes().size();
  llvm::copy(all.bytes().slice(index * bytes, bytes),
             entry->mutableBytes().begin());
  if (input.kind == FeatureKind::MultiArray &&
      elementCount(input.shape) == entry->size())
    if (llvm::Error error = entry->reshape(input.shape))
      return std::move(error);
  return entry;
}

Expected<DataSet> DataSet::fromJson(const Model &model, StringRef path,
                                    const llvm::json::Value &value) {
  llvm::json::Array list;
  if (value.getAsObject())
    list.push_back(value);
  else if (const llvm::json::Array *entries = value.getAsArray())
    list = *entries;
  if (list.empty() || llvm::any_of(list, [](const auto &entry) {
        return !entry.getAsObject();
      }))
    return makeError(ExitCode::Usage,
                     path + ": expected a list of objects, one for each "
                            "prediction");
  DataSet data;
  data.count = list.size();
  data.make = [&model,
               list = std::move(list)](size_t index) -> Expected<FeatureMap> {
    FeatureMap inputs;
    if (llvm::Error error =
            addInputs(model, *list[index].getAsObject(), inputs))
      return std::move(error);
    return inputs;
  };
  return data;
}

Expected<DataSet> DataSet::open(const Model &model, StringRef path) {
  if (path.ends_with_insensitive(".json")) {
    Expected<llvm::json::Value> file = readJsonFile(path);
    if (!file)
      return file.takeError();
    return fromJson(model, path, *file);
  }
  Expected<FeatureDescription> input = getOnlyInput(model);
  if (!input)
    return input.takeError();
  DataSet data;
  if (llvm::sys::fs::is_directory(path)) {
    Expected<std::vector<std::string>> files = listInputs(path);
    if (!files)
      return files.takeError();
    data.count = files->size();
    data.make = [&model, input = *input, files = std::move(*files)](
                    size_t index) -> Expected<FeatureMap> {
      Expected<FeatureValue> value = parseValue(model, input, files[index]);
      if (!value)
        return value.takeError();
      return FeatureMap{{input.name, std::move(*value)}};
    };
    return data;
  }
  Expected<Tensor> all = readNumPyFile(path);
  if (!all)
    return all.takeError();
  if (all->rank() == 0 || all->size() == 0)
    return makeError(ExitCode::Usage,
                     path + ": expected a first axis that counts the inputs");
  data.count = all->shape()[0];
  auto shared = std::make_shared<const Tensor>(std::move(*all));
  data.make = [input = *input, shared](size_t index) -> Expected<FeatureMap> {
    Expected<Tensor> entry = slice(*shared, index, input);
    if (!entry)
      return entry.takeError();
    return FeatureMap{{input.name, std::move(*entry)}};
  };
  return data;
}

DataSet DataSet::random(const Model &model, size_t count, uint64_t seed) {
  DataSet data;
  data.count = count;
  data.make = [&model, seed](size_t index) {
    return model.makeInputs(seed + index);
  };
  return data;
}

Expected<std::vector<int64_t>> mlmodel::readLabels(StringRef path,
                                                   size_t count) {
  Expected<Tensor> tensor = readNumPyFile(path);
  if (!tensor)
    return tensor.takeError();
  if (static_cast<size_t>(tensor->size()) != count)
    return makeError(ExitCode::Usage, path + ": has " + Twine(tensor->size()) +
                                          " labels for " + Twine(count) +
                                          " inputs");
  Tensor labels = tensor->convertTo(ElementType::Int64);
  return labels.data<int64_t>().vec();
}
