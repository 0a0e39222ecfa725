/* Runs two compiled networks on the same image of raw bytes and prints what each
   says of the ten digits. */
#include "large.h"
#include "small.h"
#include <stdio.h>
#include <stdlib.h>

static void print(const float *values) {
  for (int i = 0; i < LARGE_OUTPUT_PROBABILITIES_SIZE; ++i)
    printf("%.9g\n", values[i]);
}

int main(int argc, char **argv) {
  static unsigned char pixels[LARGE_INPUT_IMAGE_SIZE];
  static float image[LARGE_INPUT_IMAGE_SIZE];
  static float scores[LARGE_OUTPUT_PROBABILITIES_SIZE];
  FILE *file = fopen(argv[argc - 1], "rb");
  if (!file || fread(pixels, 1, sizeof pixels, file) != sizeof pixels)
    return 1;
  large_load_image(pixels, image);
  const float *inputs[LARGE_INPUT_COUNT] = {image};
  float *outputs[LARGE_OUTPUT_COUNT] = {scores};
  void *arena = aligned_alloc(LARGE_ARENA_ALIGNMENT, LARGE_ARENA_BYTES);
  large_predict(inputs, outputs, arena);
  print(scores);
  free(arena);
  arena = aligned_alloc(SMALL_ARENA_ALIGNMENT, SMALL_ARENA_BYTES);
  small_predict(inputs, outputs, arena);
  print(scores);
  free(arena);
  return 0;
}
