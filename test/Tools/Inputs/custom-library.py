"""What the network of custom-library.mlir computes.

custom-library.py make DIR     writes x.npy
custom-library.py check DIR    compares DIR/out with numpy
"""
import sys

import numpy as np

mode, folder = sys.argv[1:]

if mode == "make":
    random = np.random.RandomState(3)
    np.save(f"{folder}/x.npy", random.normal(size=(3, 4, 5)).astype(np.float32))
    sys.exit()

twice = 2 * np.load(f"{folder}/x.npy")
slopes = np.array([1.0, -2.0, 0.5], np.float32)
clipped = slopes[:, None, None] * np.minimum(twice, np.float32(0.5))
order = np.argsort(-twice, axis=-1)[..., :2]
expected = {
    "clipped": clipped,
    "values": np.take_along_axis(twice, order, -1),
    "places": order.astype(np.float32),
    "sum": clipped - twice,
}
for name, want in expected.items():
    got = np.load(f"{folder}/out/{name}.npy").reshape(want.shape)
    assert np.array_equal(got, want), (name, got - want)
    print(name, "agrees")
