//===- CustomLayer.h - Implementations of custom layers ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A custom layer names a class that its application implements. Here such
// classes are registered, in C++ or from a shared library with the C interface
// of MLModel-C/CustomLayer.h:
//
//   auto classes = std::make_shared<CustomLayerRegistry>();
//   classes->add<MySwish>("Swish");           // MySwish(CustomLayerDefinition)
//   LoadOptions options;
//   options.customLayers = classes;
//
// Nothing is ever loaded or looked for because a model names it.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_CUSTOMLAYER_H
#define MLMODEL_RUNTIME_CUSTOMLAYER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace mlmodel {

using CustomParameter = std::variant<double, int64_t, bool, std::string>;

/// What the model says of one layer.
struct CustomLayerDefinition {
  std::string name, className;
  std::map<std::string, CustomParameter> parameters;
  /// As float32, in the order of the file, whatever their encoding there.
  std::vector<std::vector<float>> weights;
  size_t numInputs = 0, numOutputs = 0;
};

using CustomShape = std::vector<int64_t>;

/// Float32 values in row-major order.
template <typename FloatT> struct CustomTensor {
  FloatT *data = nullptr;
  llvm::ArrayRef<int64_t> shape;
};
using CustomInput = CustomTensor<const float>;
using CustomOutput = CustomTensor<float>;

/// One layer of a model. An instance is used by one thread at a time.
///
/// Shapes are those of the network's blobs: [1, 1, C, H, W] for most models of
/// specification version 3 and below.
class CustomLayer {
public:
  virtual ~CustomLayer();

  /// The shapes of all outputs, in order. Sizes are positive. May be called
  /// again for other inputs.
  virtual llvm::Expected<std::vector<CustomShape>>
  inferShapes(llvm::ArrayRef<CustomShape> inputs) = 0;

  /// Computes all elements of all outputs, whose shapes are what inferShapes
  /// said. No buffers overlap; they are valid during the call.
  virtual llvm::Error evaluate(llvm::ArrayRef<CustomInput> inputs,
                               llvm::ArrayRef<CustomOutput> outputs) = 0;
};

/// Makes the layer, or fails if it cannot be what the model asks for. Errors
/// need not name the layer.
using CustomLayerFactory =
    std::function<llvm::Expected<std::unique_ptr<CustomLayer>>(
        CustomLayerDefinition)>;

/// Classes of custom layers by name. Fill it before models are loaded with it.
class CustomLayerRegistry {
public:
  /// Registers a class; fails if there is one of this name. \p origin says
  /// where it is from, for reports.
  llvm::Error add(llvm::StringRef className, CustomLayerFactory factory,
                  llvm::StringRef origin = "the application");
  template <typename LayerT>
  llvm::Error add(llvm::StringRef className,
                  llvm::StringRef origin = "the application") {
    return add(
        className,
        [](CustomLayerDefinition definition)
            -> llvm::Expected<std::unique_ptr<CustomLayer>> {
          return std::make_unique<LayerT>(std::move(definition));
        },
        origin);
  }

  /// Loads a shared library and registers its classes. Its code runs in this
  /// process: load only what you trust. The library is closed with the last
  /// layer and registry that use it.
  llvm::Error addLibrary(llvm::StringRef path);

  bool contains(llvm::StringRef className) const {
    return classes.contains(className);
  }
  /// Where a registered class is from.
  llvm::StringRef getOrigin(llvm::StringRef className) const;
  llvm::Expected<std::unique_ptr<CustomLayer>>
  create(CustomLayerDefinition definition) const;

private:
  struct Class {
    CustomLayerFactory factory;
    std::string origin;
  };
  llvm::StringMap<Class> classes;
};

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_CUSTOMLAYER_H
