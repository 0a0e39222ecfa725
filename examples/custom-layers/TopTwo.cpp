// TopTwo.cpp - a custom layer in C++, as a shared library
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two greatest values along the last axis, and their positions: [..., N]
// becomes [..., 2] twice. Shows how methods and exceptions of C++ go with the C
// interface.

#include "MLModel-C/CustomLayer.h"
#include <algorithm>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace {

class TopTwo {
public:
  explicit TopTwo(const MLModelCustomLayerDefinition &definition) {
    if (definition.num_inputs != 1 || definition.num_outputs != 2)
      throw std::invalid_argument("expected one input and two outputs");
  }

  void getShapes(const MLModelShape *inputs, MLModelShape *outputs) const {
    MLModelShape shape = inputs[0];
    if (shape.sizes[shape.rank - 1] < 2)
      throw std::invalid_argument("the last axis has fewer than two elements");
    shape.sizes[shape.rank - 1] = 2;
    outputs[0] = outputs[1] = shape;
  }

  void evaluate(const MLModelInput *inputs,
                const MLModelOutput *outputs) const {
    const MLModelShape &shape = inputs[0].shape;
    size_t size = shape.sizes[shape.rank - 1], rows = 1;
    for (size_t i = 0; i + 1 < shape.rank; ++i)
      rows *= shape.sizes[i];
    std::vector<size_t> order(size);
    for (size_t row = 0; row < rows; ++row) {
      const float *values = inputs[0].data + row * size;
      std::iota(order.begin(), order.end(), 0);
      std::partial_sort(
          order.begin(), order.begin() + 2, order.end(),
          [&](size_t a, size_t b) { return values[a] > values[b]; });
      for (size_t k = 0; k < 2; ++k) {
        outputs[0].data[2 * row + k] = values[order[k]];
        outputs[1].data[2 * row + k] = static_cast<float>(order[k]);
      }
    }
  }
};

/// Runs a method; an exception becomes an error of the C interface.
template <typename CallT> int guarded(MLModelErrorText *error, CallT call) {
  try {
    call();
    return 0;
  } catch (const std::exception &exception) {
    std::snprintf(error->text, error->size, "%s", exception.what());
    return 1;
  }
}

int create(const MLModelCustomLayerDefinition *definition, void **layer,
           MLModelErrorText *error) {
  return guarded(error, [&] { *layer = new TopTwo(*definition); });
}

int outputShapes(void *layer, const MLModelShape *inputs, MLModelShape *outputs,
                 MLModelErrorText *error) {
  return guarded(
      error, [&] { static_cast<TopTwo *>(layer)->getShapes(inputs, outputs); });
}

int evaluate(void *layer, const MLModelInput *inputs,
             const MLModelOutput *outputs, MLModelErrorText *error) {
  return guarded(
      error, [&] { static_cast<TopTwo *>(layer)->evaluate(inputs, outputs); });
}

void destroy(void *layer) { delete static_cast<TopTwo *>(layer); }

const MLModelCustomLayerClass classes[] = {
    {"TopTwo", create, outputShapes, evaluate, destroy}};

const MLModelCustomLayerLibrary library = {
    MLMODEL_CUSTOM_LAYER_ABI, sizeof(MLModelCustomLayerClass), 1, classes};

} // namespace

const MLModelCustomLayerLibrary *mlmodel_custom_layer_library(void) {
  return &library;
}
