/* A library of custom layers that misbehaves as CASE says. Implements the class
   ClipChannels. */

#include "MLModel-C/CustomLayer.h"
#include <stdio.h>
#include <string.h>

enum {
  NO_DESCRIPTION = 2,
  NEWER_ABI,
  SMALL_CLASS,
  NO_CLASSES,
  NO_NAME,
  NO_FUNCTION,
  TWICE,
  CREATE_FAILS,
  CREATE_FAILS_SILENTLY,
  SHAPES_FAIL,
  RANK_ZERO,
  RANK_NINE,
  SIZE_NEGATIVE,
  SIZE_ZERO,
  SIZE_HUGE,
  SIZE_OVERFLOWS,
  EVALUATE_FAILS,
  LONG_TEXT,
  OTHER_SHAPES_LATER
};

static int calls = 0;

static int create(const MLModelCustomLayerDefinition *definition, void **layer,
                  MLModelErrorText *error) {
  *layer = (void *)definition->num_outputs;
  if (CASE == CREATE_FAILS) {
    snprintf(error->text, error->size, "no %s today\n", definition->class_name);
    return 7;
  }
  return CASE == CREATE_FAILS_SILENTLY;
}

static int output_shapes(void *layer, const MLModelShape *inputs,
                         MLModelShape *outputs, MLModelErrorText *error) {
  for (size_t i = 0; i < (size_t)layer; ++i)
    outputs[i] = inputs[0];
  switch (CASE) {
  case SHAPES_FAIL:
    snprintf(error->text, error->size, "unhappy with rank %zu", inputs[0].rank);
    return 1;
  case RANK_ZERO:
    outputs[0].rank = 0;
    break;
  case RANK_NINE:
    outputs[0].rank = 9;
    break;
  case SIZE_NEGATIVE:
    outputs[0].sizes[0] = -3;
    break;
  case SIZE_ZERO:
    outputs[0].sizes[0] = 0;
    break;
  case SIZE_HUGE:
    outputs[0].sizes[0] = (int64_t)1 << 40;
    break;
  case SIZE_OVERFLOWS:
    outputs[0].sizes[0] = outputs[0].sizes[1] = (int64_t)1 << 60;
    break;
  case OTHER_SHAPES_LATER:
    outputs[0].sizes[0] = ++calls;
    break;
  }
  return 0;
}

static int evaluate(void *layer, const MLModelInput *inputs,
                    const MLModelOutput *outputs, MLModelErrorText *error) {
  (void)layer, (void)inputs, (void)outputs;
  if (CASE == LONG_TEXT)
    memset(error->text, 'x', error->size);
  else
    snprintf(error->text, error->size, "out of order");
  return -1;
}

#if CASE != 1 /* no symbol */
static const MLModelCustomLayerClass classes[] = {
    {CASE == NO_NAME ? "" : "ClipChannels", create, output_shapes,
     CASE == NO_FUNCTION ? NULL : evaluate, NULL},
    {CASE == TWICE ? "ClipChannels" : "TopTwo", create, output_shapes, evaluate,
     NULL}};

static const MLModelCustomLayerLibrary library = {
    CASE == NEWER_ABI ? MLMODEL_CUSTOM_LAYER_ABI + 1 : MLMODEL_CUSTOM_LAYER_ABI,
    CASE == SMALL_CLASS ? 16 : sizeof(MLModelCustomLayerClass),
    CASE == NO_CLASSES ? 0 : 2, classes};

const MLModelCustomLayerLibrary *mlmodel_custom_layer_library(void) {
  return CASE == NO_DESCRIPTION ? NULL : &library;
}
#endif
