#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that make images, against their oracles.

The oracles hold images as planar floats before they are rounded to 8 bits; the
tool writes height x width x channels as bytes.

usage: images.py TOOL SHARED_DIR CASE...
Exit code 77 (skipped) where the corpus is absent.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np


def run_case(tool, folder, models):
    with open(f"{folder}/case.json") as file:
        case = json.load(file)
    [(input_name, given)] = case["inputs"].items()
    [(output_name, wanted)] = case["expected"].items()
    planes = np.load(f"{folder}/{given['file']}").reshape(given["shape"])
    want = np.load(f"{folder}/{wanted['file']}").reshape(wanted["shape"])
    with tempfile.TemporaryDirectory() as work:
        np.save(f"{work}/in.npy", np.ascontiguousarray(planes.transpose(1, 2, 0)))
        subprocess.run(
            [tool, "predict", f"{models}/{case['model']}", "--input",
             f"{input_name}={work}/in.npy", "--output-dir", f"{work}/out"],
            check=True)
        got = np.load(f"{work}/out/{output_name}.npy")
    got = got.reshape(want.shape[1], want.shape[2], -1).transpose(2, 0, 1)
    error = np.abs(got.astype(np.float64) - np.clip(want, 0, 255)).max()
    # Half a step for rounding, and what the oracle allows.
    return error, 0.5 + case["compare"]["atol"]


def main():
    tool, shared, *names = sys.argv[1:]
    if not os.path.isdir(f"{shared}/models/oracle"):
        print(f"skipped: no oracles in {shared}/models")
        return 77
    failed = 0
    for name in names:
        error, allowed = run_case(tool, f"{shared}/models/oracle/{name}",
                                  f"{shared}/models/files")
        failed += error > allowed
        print(f"{name}: greatest difference {error:.4f}, allowed {allowed:.4f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
