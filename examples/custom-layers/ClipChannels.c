// ClipChannels.c - a custom layer in C
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// y = w[c] * min(x, limit) for each channel c, where the parameter "limit" is a
// number (default 1) and the first weights hold w.

#include "MLModel-C/CustomLayer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ClipChannels {
  float limit;
  // Belongs to the definition, which lives as long as the layer.
  MLModelCustomWeights slopes;
} ClipChannels;

static int fail(MLModelErrorText *error, const char *message) {
  snprintf(error->text, error->size, "%s", message);
  return 1;
}

static int create(const MLModelCustomLayerDefinition *definition, void **layer,
                  MLModelErrorText *error) {
  if (definition->num_inputs != 1 || definition->num_outputs != 1)
    return fail(error, "expected one input and one output");
  if (definition->num_weights != 1)
    return fail(error, "expected one set of weights");
  ClipChannels *clip = malloc(sizeof(ClipChannels));
  if (!clip)
    return fail(error, "no memory");
  clip->limit = 1.0f;
  clip->slopes = definition->weights[0];
  for (size_t i = 0; i < definition->num_parameters; ++i)
    if (strcmp(definition->parameters[i].name, "limit") == 0)
      clip->limit = (float)definition->parameters[i].number;
  *layer = clip;
  return 0;
}

static int output_shapes(void *layer, const MLModelShape *inputs,
                         MLModelShape *outputs, MLModelErrorText *error) {
  const ClipChannels *clip = layer;
  size_t rank = inputs[0].rank;
  if (rank < 3 || (size_t)inputs[0].sizes[rank - 3] != clip->slopes.count) {
    snprintf(error->text, error->size, "expected [..., %zu, H, W] as input",
             clip->slopes.count);
    return 1;
  }
  outputs[0] = inputs[0];
  return 0;
}

static int evaluate(void *layer, const MLModelInput *inputs,
                    const MLModelOutput *outputs, MLModelErrorText *error) {
  const ClipChannels *clip = layer;
  const MLModelShape *shape = &inputs[0].shape;
  size_t channels = clip->slopes.count, batch = 1;
  size_t plane =
      (size_t)(shape->sizes[shape->rank - 2] * shape->sizes[shape->rank - 1]);
  for (size_t i = 0; i + 3 < shape->rank; ++i)
    batch *= (size_t)shape->sizes[i];
  (void)error;
  for (size_t i = 0; i < batch * channels * plane; ++i) {
    float x = inputs[0].data[i];
    outputs[0].data[i] = clip->slopes.data[i / plane % channels] *
                         (x < clip->limit ? x : clip->limit);
  }
  return 0;
}

static const MLModelCustomLayerClass classes[] = {
    {"ClipChannels", create, output_shapes, evaluate, free}};

static const MLModelCustomLayerLibrary library = {
    MLMODEL_CUSTOM_LAYER_ABI, sizeof(MLModelCustomLayerClass),
    sizeof(classes) / sizeof(classes[0]), classes};

const MLModelCustomLayerLibrary *mlmodel_custom_layer_library(void) {
  return &library;
}
