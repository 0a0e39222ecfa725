#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models with the weights that coremltools compressed.

    golden_models.py --tool build/bin/mlmodel --golden DIR

Writes the codes, scales and tables of each NeuralNetwork vector into a layer, as
bytes of the vector where it has them, and predicts with inputs of which one is 1 and
all others 0: the outputs must be the decoded weights, bit for bit. Readers decode in
float32, with product and sum rounded; the vectors have the same in float64.
"""
import argparse
import glob
import json
import os
import sys
import tempfile

SKIPPED = 77
try:
    import numpy as np
except ImportError:
    print('skipped: no numpy')
    sys.exit(SKIPPED)

import core  # noqa: E402
import network  # noqa: E402
import schema  # noqa: E402


class Vector:
    def __init__(self, folder):
        self.name = os.path.basename(folder)
        with open(os.path.join(folder, 'params.json')) as f:
            params = json.load(f)
        self.bits, self.axis = params['nbits'], params.get('axis', 0)
        self.arrays = {os.path.splitext(name)[0]: np.load(os.path.join(folder, name))
                       for name in os.listdir(folder) if name.endswith('.npy')}
        self.shape = self.arrays['w'].shape

    def message(self):
        """The weights as the format stores them."""
        a = self.arrays
        if 'lut' in a:
            kind = {'lookupTableQuantization': {'floatValue': a['lut']}}
        else:
            kind = {'linearQuantization': {'scale': a['scale'], 'bias': a['bias']}}
        if 'raw' not in a and self.bits != 8:
            raise ValueError('%s has no packed bytes' % self.name)
        return {'rawValue': a.get('raw', a['q']).tobytes(),
                'quantization': dict(kind, numberOfBits=self.bits)}

    def decoded(self):
        a = self.arrays
        if 'lut' in a:
            return a['lut'][a['q']].reshape(self.shape)
        along = [-1 if i == self.axis else 1 for i in range(len(self.shape))]
        values = (a['q'].reshape(self.shape) * a['scale'].reshape(along)
                  + a['bias'].reshape(along))
        if 'dequant' in a:
            np.testing.assert_allclose(values, a['dequant'].reshape(self.shape), 1e-5,
                                       1e-6)
        return values

    def case(self):
        """A layer and inputs whose outputs are the weights themselves."""
        values, weights = self.decoded(), self.message()
        if len(self.shape) == 1:
            return core.Case('loadConstantND', {'shape': self.shape, 'data': weights},
                             [], values)
        if len(self.shape) == 2:
            outputs, inputs = self.shape
            return core.Case('innerProduct', {
                'inputChannels': inputs, 'outputChannels': outputs,
                'weights': weights}, [np.eye(inputs)], values.T)
        first, second, height, width = self.shape
        params = {'weights': weights, 'kernelSize': [height, width], 'valid': {}}
        if self.axis == 1:
            params.update(isDeconvolution=True, kernelChannels=first,
                          outputChannels=second)
            return core.Case('convolution', params,
                             [np.eye(first).reshape(first, first, 1, 1)], values)
        params.update(kernelChannels=second, outputChannels=first)
        size = second * height * width
        return core.Case('convolution', params,
                         [np.eye(size).reshape(size, second, height, width)],
                         values.reshape(first, size).T.reshape(size, first, 1, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument('--tool', required=True)
    parser.add_argument('--golden', required=True)
    parser.add_argument('--proto', default=os.path.join(here, '..', '..', 'proto'))
    options = parser.parse_args()
    folders = sorted(glob.glob(os.path.join(options.golden, 'nn_*')))
    if not folders:
        print('skipped: no vectors in %s' % options.golden)
        sys.exit(SKIPPED)
    vectors = [Vector(folder) for folder in folders]
    model = network.Network(schema.Schema(options.proto), False)
    for number, vector in enumerate(vectors):
        model.add(number, vector.case())
    with tempfile.TemporaryDirectory() as folder:
        problems = model.problems(options.tool, folder)
    for number, problem in problems.items():
        print('%s: %s' % (vectors[number].name, problem))
    print('%d models of golden weights, %d wrong' % (len(vectors), len(problems)))
    sys.exit(bool(problems))


if __name__ == '__main__':
    main()
