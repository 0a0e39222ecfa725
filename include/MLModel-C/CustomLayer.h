/*===- CustomLayer.h - Custom layers in a shared library ---------*- C -*-===*\
|*                                                                            *|
|* Part of the MLModel Project, under the Apache License v2.0 with LLVM       *|
|* Exceptions.                                                                *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* The interface between MLModel and a library that implements custom layers. *|
|* Such a library needs this header and nothing else. It exports one function,*|
|* which tells what it implements:                                            *|
|*                                                                            *|
|*   const MLModelCustomLayerLibrary *mlmodel_custom_layer_library(void);     *|
|*                                                                            *|
|* The interface is stable: what is here does not change as long as           *|
|* MLMODEL_CUSTOM_LAYER_ABI stays the same. Members may be added at the end of
*|
|* MLModelCustomLayerClass; the library says in class_size which of them it   *|
|* knows, and the others count as null.                                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef MLMODEL_C_CUSTOMLAYER_H
#define MLMODEL_C_CUSTOMLAYER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MLMODEL_CUSTOM_LAYER_ABI 1

/* The most axes of a blob. */
#define MLMODEL_MAX_RANK 8

#if defined(_WIN32)
#define MLMODEL_CUSTOM_LAYER_EXPORT __declspec(dllexport)
#else
#define MLMODEL_CUSTOM_LAYER_EXPORT __attribute__((visibility("default")))
#endif

/*===-- What the model says
 * -------------------------------------------------===*/

enum {
  MLMODEL_PARAMETER_DOUBLE = 0,
  MLMODEL_PARAMETER_INTEGER = 1,
  MLMODEL_PARAMETER_BOOLEAN = 2,
  MLMODEL_PARAMETER_STRING = 3
};

typedef struct MLModelCustomParameter {
  const char *name;
  /* One of MLMODEL_PARAMETER_*. */
  int32_t kind;
  /* The value; numbers and truth values in both of the first two. Text ends in
     a zero byte, and is null for other kinds. */
  double number;
  int64_t integer;
  const char *text;
} MLModelCustomParameter;

/* Weights as float32, whatever their encoding in the file. */
typedef struct MLModelCustomWeights {
  const float *data;
  size_t count;
} MLModelCustomWeights;

/* Valid as long as the layer. Parameters are sorted by name. */
typedef struct MLModelCustomLayerDefinition {
  const char *layer_name;
  const char *class_name;
  size_t num_parameters;
  const MLModelCustomParameter *parameters;
  size_t num_weights;
  const MLModelCustomWeights *weights;
  size_t num_inputs;
  size_t num_outputs;
} MLModelCustomLayerDefinition;

/*===-- Blobs
 * ----------------------------------------------------------------===*/

typedef struct MLModelShape {
  size_t rank;
  int64_t sizes[MLMODEL_MAX_RANK];
} MLModelShape;

/* Float32 values in row-major order, without gaps. */
typedef struct MLModelInput {
  const float *data;
  MLModelShape shape;
} MLModelInput;

typedef struct MLModelOutput {
  float *data;
  MLModelShape shape;
} MLModelOutput;

/*===-- What the library implements
 * ------------------------------------------===*/

/* Where a function says what went wrong: size bytes, which hold an empty text
   before the call. */
typedef struct MLModelErrorText {
  char *text;
  size_t size;
} MLModelErrorText;

/* One class of custom layers. Functions that return int return 0, or another
   number after they have written why to error. A layer is used by one thread at
   a time. */
typedef struct MLModelCustomLayerClass {
  const char *class_name;

  /* Makes a layer; what it stores in layer is passed to the other functions. */
  int (*create)(const MLModelCustomLayerDefinition *definition, void **layer,
                MLModelErrorText *error);

  /* Says which shapes the outputs have for inputs of the given shapes: ranks
     from 1 to MLMODEL_MAX_RANK, positive sizes. */
  int (*output_shapes)(void *layer, const MLModelShape *inputs,
                       MLModelShape *outputs, MLModelErrorText *error);

  /* Computes all elements of the outputs. */
  int (*evaluate)(void *layer, const MLModelInput *inputs,
                  const MLModelOutput *outputs, MLModelErrorText *error);

  /* Releases a layer. May be null if there is nothing to do. */
  void (*destroy)(void *layer);
} MLModelCustomLayerClass;

typedef struct MLModelCustomLayerLibrary {
  /* MLMODEL_CUSTOM_LAYER_ABI of the header that the library is built with. */
  uint32_t abi_version;
  /* sizeof(MLModelCustomLayerClass) there. */
  uint32_t class_size;
  size_t num_classes;
  const MLModelCustomLayerClass *classes;
} MLModelCustomLayerLibrary;

/* The one function that the library exports. What it returns is never freed. */
MLMODEL_CUSTOM_LAYER_EXPORT const MLModelCustomLayerLibrary *
mlmodel_custom_layer_library(void);

#ifdef __cplusplus
}
#endif

#endif /* MLMODEL_C_CUSTOMLAYER_H */
