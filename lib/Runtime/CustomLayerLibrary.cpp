//===- CustomLayerLibrary.cpp - Custom layers in a shared library ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the C interface to the classes of Runtime/CustomLayer.h. Compiled with
// exceptions: a library in C++ may throw through these functions.
//
//===----------------------------------------------------------------------===//

#include "MLModel-C/CustomLayer.h"
#include "MLModel/Runtime/CustomLayer.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <dlfcn.h>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

//===----------------------------------------------------------------------===//
// Error texts
//===----------------------------------------------------------------------===//

namespace {
/// The buffer that a library writes its message to.
class ErrorBuffer {
public:
  MLModelErrorText *get() { return &error; }

  /// An error if \p status says so.
  Error check(int status, const char *function) {
    if (status == 0)
      return Error::success();
    // The library may have filled the buffer to the last byte.
    StringRef message(text, strnlen(text, sizeof(text)));
    if (message.empty())
      message = "without saying why";
    return makeError(ExitCode::Unsupported,
                     Twine(function) + " failed: " + message.rtrim());
  }

private:
  char text[1024] = "";
  MLModelErrorText error{text, sizeof(text)};
};
} // namespace

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

static MLModelShape toC(llvm::ArrayRef<int64_t> shape) {
  MLModelShape result{shape.size(), {}};
  llvm::copy(shape, result.sizes);
  return result;
}

namespace {

/// The definition as the library sees it; views into the C++ one.
class CDefinition {
public:
  explicit CDefinition(CustomLayerDefinition source)
      : source(std::move(source)) {
    for (const auto &[name, value] : this->source.parameters)
      parameters.push_back(makeParameter(name, value));
    for (const std::vector<float> &values : this->source.weights)
      weights.push_back({values.data(), values.size()});
    definition = {this->source.name.c_str(),
                  this->source.className.c_str(),
                  parameters.size(),
                  parameters.data(),
                  weights.size(),
                  weights.data(),
                  this->source.numInputs,
                  this->source.numOutputs};
  }
  CDefinition(const CDefinition &) = delete;

  const MLModelCustomLayerDefinition *get() const { return &definition; }

private:
  static MLModelCustomParameter makeParameter(const std::string &name,
                                              const CustomParameter &value) {
    if (const auto *number = std::get_if<double>(&value))
      return {name.c_str(), MLMODEL_PARAMETER_DOUBLE, *number,
              toInteger(*number), nullptr};
    if (const auto *integer = std::get_if<int64_t>(&value))
      return {name.c_str(), MLMODEL_PARAMETER_INTEGER,
              static_cast<double>(*integer), *integer, nullptr};
    if (const auto *truth = std::get_if<bool>(&value))
      return {name.c_str(), MLMODEL_PARAMETER_BOOLEAN, *truth ? 1.0 : 0.0,
              *truth, nullptr};
    return {name.c_str(), MLMODEL_PARAMETER_STRING, 0, 0,
            std::get<std::string>(value).c_str()};
  }

  /// Towards zero, and 0 for what no integer is near.
  static int64_t toInteger(double number) {
    return std::abs(number) < 0x1p63 ? static_cast<int64_t>(number) : 0;
  }

  CustomLayerDefinition source;
  std::vector<MLModelCustomParameter> parameters;
  std::vector<MLModelCustomWeights> weights;
  MLModelCustomLayerDefinition definition;
};

/// A layer of a library. Keeps the library open.
class LibraryLayer : public CustomLayer {
public:
  static Expected<std::unique_ptr<CustomLayer>>
  create(const MLModelCustomLayerClass &functions,
         std::shared_ptr<void> library, CustomLayerDefinition definition) {
    std::unique_ptr<LibraryLayer> made(
        new LibraryLayer(functions, std::move(library), std::move(definition)));
    ErrorBuffer error;
    void *handle = nullptr;
    int status = functions.create(made->definition.get(), &handle, error.get());
    if (Error failure = error.check(status, "create"))
      return std::move(failure);
    made->handle = handle;
    made->exists = true;
    return made;
  }

  ~LibraryLayer() override {
    if (exists && functions.destroy)
      functions.destroy(handle);
  }

  Expected<std::vector<CustomShape>>
  inferShapes(llvm::ArrayRef<CustomShape> inputs) override {
    std::vector<MLModelShape> from, to(definition.get()->num_outputs);
    for (const CustomShape &shape : inputs)
      from.push_back(toC(shape));
    ErrorBuffer error;
    int status =
        functions.output_shapes(handle, from.data(), to.data(), error.get());
    if (Error failure = error.check(status, "output_shapes"))
      return std::move(failure);
    std::vector<CustomShape> shapes;
    for (auto [i, shape] : llvm::enumerate(to)) {
      if (shape.rank > MLMODEL_MAX_RANK)
        return makeError(ExitCode::Unsupported,
                         "gives output " + Twine(i) + " rank " +
                             Twine(shape.rank) + ", expected 1 to " +
                             Twine(MLMODEL_MAX_RANK));
      shapes.emplace_back(shape.sizes, shape.sizes + shape.rank);
    }
    return shapes;
  }

  Error evaluate(llvm::ArrayRef<CustomInput> inputs,
                 llvm::ArrayRef<CustomOutput> outputs) override {
    std::vector<MLModelInput> from;
    for (const CustomInput &input : inputs)
      from.push_back({input.data, toC(input.shape)});
    std::vector<MLModelOutput> to;
    for (const CustomOutput &output : outputs)
      to.push_back({output.data, toC(output.shape)});
    ErrorBuffer error;
    int status =
        functions.evaluate(handle, from.data(), to.data(), error.get());
    return error.check(status, "evaluate");
  }

private:
  LibraryLayer(const MLModelCustomLayerClass &functions,
               std::shared_ptr<void> library, CustomLayerDefinition definition)
      : library(std::move(library)), functions(functions),
        definition(std::move(definition)) {}

  // Closed last: members go in reverse order.
  std::shared_ptr<void> library;
  MLModelCustomLayerClass functions;
  CDefinition definition;
  void *handle = nullptr;
  bool exists = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// Libraries
//===----------------------------------------------------------------------===//

static Expected<std::shared_ptr<void>> openLibrary(StringRef path) {
  // A name without a directory would be looked for in the system's.
  llvm::SmallString<256> absolute(path);
  if (std::error_code error = llvm::sys::fs::make_absolute(absolute))
    return makeError(ExitCode::IO, path + ": " + error.message());
  void *handle = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle)
    return std::shared_ptr<void>(handle, [](void *open) { dlclose(open); });
  const char *reason = dlerror();
  return makeError(ExitCode::IO,
                   path + ": cannot be loaded: " + (reason ? reason : "?"));
}

/// What the library says of itself, or why it cannot be used.
static Expected<const MLModelCustomLayerLibrary *> describe(void *library) {
  using Describe = const MLModelCustomLayerLibrary *(*)();
  auto function = reinterpret_cast<Describe>(
      dlsym(library, "mlmodel_custom_layer_library"));
  if (!function)
    return makeError(ExitCode::Usage,
                     "is no library of custom layers: it does "
                     "not export mlmodel_custom_layer_library");
  const MLModelCustomLayerLibrary *description = function();
  if (!description)
    return makeError(ExitCode::Usage,
                     "mlmodel_custom_layer_library returned nothing");
  if (description->abi_version != MLMODEL_CUSTOM_LAYER_ABI)
    return makeError(ExitCode::Unsupported,
                     "is built for version " + Twine(description->abi_version) +
                         " of the interface, this is version " +
                         Twine(MLMODEL_CUSTOM_LAYER_ABI));
  // The first four members are those of the first version.
  constexpr size_t kLeastSize =
      offsetof(MLModelCustomLayerClass, destroy) + sizeof(void (*)(void *));
  if (description->class_size < kLeastSize ||
      description->class_size % alignof(MLModelCustomLayerClass) != 0)
    return makeError(ExitCode::Usage, "says that its classes have " +
                                          Twine(description->class_size) +
                                          " bytes, expected at least " +
                                          Twine(kLeastSize));
  if (description->num_classes == 0 || !description->classes)
    return makeError(ExitCode::Usage, "has no classes");
  return description;
}

/// The i-th class, as far as the library knows its members.
static MLModelCustomLayerClass
readClass(const MLModelCustomLayerLibrary &library, size_t i) {
  MLModelCustomLayerClass result{};
  std::memcpy(&result,
              reinterpret_cast<const char *>(library.classes) +
                  i * library.class_size,
              std::min<size_t>(library.class_size, sizeof(result)));
  return result;
}

static Error checkClass(const MLModelCustomLayerClass &functions, size_t i) {
  if (!functions.class_name || !*functions.class_name)
    return makeError(ExitCode::Usage, "class " + Twine(i) + " has no name");
  const char *missing = !functions.create          ? "create"
                        : !functions.output_shapes ? "output_shapes"
                        : !functions.evaluate      ? "evaluate"
                                                   : nullptr;
  if (!missing)
    return Error::success();
  return makeError(ExitCode::Usage, Twine("class '") + functions.class_name +
                                        "' has no function " + missing);
}

Error CustomLayerRegistry::addLibrary(StringRef path) {
  Expected<std::shared_ptr<void>> library = openLibrary(path);
  if (!library)
    return library.takeError();
  Expected<const MLModelCustomLayerLibrary *> description =
      describe(library->get());
  if (!description)
    return addContext(path, description.takeError());
  StringRef origin = llvm::sys::path::filename(path);
  for (size_t i = 0; i < (*description)->num_classes; ++i) {
    MLModelCustomLayerClass functions = readClass(**description, i);
    if (Error error = checkClass(functions, i))
      return addContext(path, std::move(error));
    auto factory = [functions,
                    library = *library](CustomLayerDefinition layer) {
      return LibraryLayer::create(functions, library, std::move(layer));
    };
    if (Error error = add(functions.class_name, factory, origin))
      return addContext(path, std::move(error));
  }
  return Error::success();
}
