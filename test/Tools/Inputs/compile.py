"""Compiled networks in a C program, against `mlmodel predict`.

compile.py CC PROGRAM.c LARGE.mlmodel SMALL.mlmodel DIR
"""
import json
import pathlib
import subprocess
import sys

import numpy as np

cc, program, large, small, folder = sys.argv[1:]
folder = pathlib.Path(folder)
models = {"large": large, "small": small}


def run(*command):
    return subprocess.run([str(word) for word in command], check=True,
                          capture_output=True, text=True).stdout


def names(tool, *arguments):
    """The functions that a file of code has for others."""
    lines = run(tool, "--defined-only", *arguments).splitlines()
    return [line.split()[-1] for line in lines if " T " in line]


image = np.random.RandomState(3).randint(0, 256, (8, 8)).astype(np.uint8)
np.save(folder / "image.npy", image)
(folder / "image.raw").write_bytes(image.tobytes())

wanted = []
for model in models.values():
    run("mlmodel", "predict", model, "--input", f"image={folder}/image.npy",
        "--output-dir", folder / "out")
    outputs = json.loads((folder / "out/outputs.json").read_text())
    [scores] = [output["value"] for output in outputs.values()
                if output["type"] == "dictionary"]
    wanted += [scores[str(digit)] for digit in range(10)]

for kind in "o", "so":
    files = []
    for name, model in models.items():
        files.append(folder / f"{name}.{kind}")
        run("mlmodel", "compile", model, "-o", files[-1],
            "--header", folder / f"{name}.h")
        dynamic = ["-D"] if kind == "so" else []
        assert names("nm", *dynamic, files[-1]) == [f"{name}_predict"]
    executable = folder / f"run-{kind}"
    run(cc, "-std=c11", "-Wall", "-Werror", f"-I{folder}", program, *files, "-lm",
        f"-Wl,-rpath,{folder}", "-o", executable)
    libraries = run("ldd", executable)
    for heavy in "LLVM", "MLIR", "protobuf", "stdc++":
        assert heavy not in libraries, libraries
    got = [float(line)
           for line in run(executable, folder / "image.raw").splitlines()]
    np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-7)
