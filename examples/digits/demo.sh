#!/usr/bin/env bash
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The main job on a real model: inspect, predict, compress, compare, look at the
# IR. Run through ./dev demo, or with the folder of the built tools as argument.
set -euo pipefail

bin=$(cd "${1:?usage: demo.sh DIRECTORY_OF_THE_TOOLS}" && pwd)
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

step() { printf '\n== %s\n' "$*"; }
run() { printf '$ %s\n' "$(echo "$*" | sed "s|$bin/||g; s|$out/||g")"; "$@"; }

step "1. What is this model? A classifier of handwritten digits, 8 x 8 pixels."
run "$bin/mlmodel" info digits.mlmodel

step "2. Which digit is in test/digit-7.png?"
run "$bin/mlmodel" predict digits.mlmodel --input image=test/digit-7.png

step "3. Compress its weights to 4 bits: 16 values per layer, chosen optimally."
run "$bin/mlmodel" compress digits.mlmodel -o "$out/digits-4bit.mlmodel" --palettize 4

step "4. Is it still good? Both models on 360 held-back images."
run "$bin/mlmodel" compare digits.mlmodel "$out/digits-4bit.mlmodel" \
    --inputs test/images.npy --labels test/labels.npy

step "5. The result is an ordinary .mlmodel again."
run ls -l digits.mlmodel "$out/digits-4bit.mlmodel" | sed "s|$out/||"
run "$bin/mlmodel" info --verify "$out/digits-4bit.mlmodel" &&
  echo "digits-4bit.mlmodel is valid"

step "6. For compiler engineers: the same model as MLIR, and back, byte for byte."
run "$bin/mlmodel-translate" --mlmodel-to-mlir digits.mlmodel -o "$out/digits.mlir"
grep -o '%[a-z0-9]* = mlmodel\.[a-z_]* <[^(]*>([^)]*)' "$out/digits.mlir" | head -6
run "$bin/mlmodel-translate" --mlir-to-mlmodel "$out/digits.mlir" -o "$out/again.mlmodel"
cmp digits.mlmodel "$out/again.mlmodel" && echo "again.mlmodel is identical to digits.mlmodel"
