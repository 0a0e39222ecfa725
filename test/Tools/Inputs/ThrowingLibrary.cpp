// A library of custom layers that lets an exception out.

#include "MLModel-C/CustomLayer.h"
#include <stdexcept>

static int create(const MLModelCustomLayerDefinition *definition, void **layer,
                  MLModelErrorText *) {
  *layer = const_cast<MLModelCustomLayerDefinition *>(definition);
  return 0;
}

static int outputShapes(void *layer, const MLModelShape *inputs,
                        MLModelShape *outputs, MLModelErrorText *) {
  auto *definition = static_cast<MLModelCustomLayerDefinition *>(layer);
  for (size_t i = 0; i < definition->num_outputs; ++i)
    outputs[i] = inputs[0];
  return 0;
}

static int evaluate(void *, const MLModelInput *, const MLModelOutput *,
                    MLModelErrorText *) {
  throw std::runtime_error("not in the mood");
}

static const MLModelCustomLayerClass classes[] = {
    {"ClipChannels", create, outputShapes, evaluate, nullptr},
    {"TopTwo", create, outputShapes, evaluate, nullptr}};

static const MLModelCustomLayerLibrary library = {
    MLMODEL_CUSTOM_LAYER_ABI, sizeof(MLModelCustomLayerClass), 2, classes};

const MLModelCustomLayerLibrary *mlmodel_custom_layer_library(void) {
  return &library;
}
