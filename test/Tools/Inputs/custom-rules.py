"""The formulas of the project's rules for custom layers, in plain loops or numpy.

custom-rules.py make DIR     writes x.npy, z.npy and theta.npy
custom-rules.py check DIR    compares DIR/out with what the formulas give
"""
import json
import sys

import numpy as np

mode, folder = sys.argv[1:]

if mode == "make":
    random = np.random.RandomState(7)
    x = random.uniform(-4, 4, (2, 5, 7)).astype(np.float32)
    # Where a formula that is not careful overflows.
    x[0, 0, :2] = 90, -90
    np.save(f"{folder}/x.npy", x)
    np.save(f"{folder}/z.npy", random.normal(size=(2, 5, 7)).astype(np.float32))
    # Turned, and far enough to the side to leave the image.
    np.save(f"{folder}/theta.npy",
            np.array([0.8, -0.3, 0.4, 0.25, 1.1, -0.2], np.float32))
    sys.exit()

x, z, theta = (np.load(f"{folder}/{name}.npy").astype(np.float64)
               for name in ("x", "z", "theta"))


def sample(image, theta, height, width):
    """Spatial transformer networks: sum over all pixels of value times
    max(0, 1 - |distance|) along both axes."""
    channels, rows, columns = image.shape
    result = np.zeros((channels, height, width))
    for i in range(height):
        for j in range(width):
            v = -1 + 2 * i / (height - 1) if height > 1 else 0
            u = -1 + 2 * j / (width - 1) if width > 1 else 0
            s = (theta[0] * u + theta[1] * v + theta[2] + 1) * (columns - 1) / 2
            t = (theta[3] * u + theta[4] * v + theta[5] + 1) * (rows - 1) / 2
            for m in range(rows):
                for n in range(columns):
                    share = max(0, 1 - abs(t - m)) * max(0, 1 - abs(s - n))
                    result[:, i, j] += image[:, m, n] * share
    return result


def normalize(x, epsilon):
    mean = x.mean(axis=(1, 2), keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=(1, 2), keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon)


expected = {
    "swish": x / (1 + np.exp(-x)),
    "swish3": x / (1 + np.exp(-3 * x)),
    "mish": x * np.tanh(np.logaddexp(0, x)),
    "hard": x * np.clip(x + 3, 0, 6) / 6,
    "scaled": 0.17 * x - 0.25,
    "distance": np.sqrt(((x - z) ** 2).sum()),
    "rows": np.sqrt(((x - z) ** 2).sum(axis=-1, keepdims=True)),
    "normal": normalize(x, 1e-5),
    "affine": normalize(x, 0.5) * np.reshape([1.5, -2.0], (2, 1, 1))
              + np.reshape([0.25, 3.0], (2, 1, 1)),
    "cropped": x[:, 2:-2, 2:-2],
    "pixels": (x + 1) * 127.5,
    "sampled": sample(x, theta, 4, 9),
    "point": sample(x, theta, 1, 1),
}
with open(f"{folder}/out/outputs.json") as file:
    outputs = json.load(file)
assert outputs.keys() == expected.keys(), outputs.keys()
for name, want in expected.items():
    got = np.load(f"{folder}/out/{outputs[name]['file']}")
    assert got.size == np.size(want), (name, got.shape, np.shape(want))
    error = np.abs(got.reshape(np.shape(want)) - want).max()
    assert error <= 2e-6 * max(1, np.abs(want).max()), (name, error)
    print(name, "agrees")
# The sample leaves the image and lies inside of it.
assert (expected["sampled"] == 0).any() and (expected["sampled"] != 0).any()
