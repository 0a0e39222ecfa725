#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The squared error of k-means palettes beside that of coremltools' method.

    mlmodel compress net.mlmodel -o out.mlmodel --palettize 4 --json > report.json
    benchmarks/lloyd_reference.py net.mlmodel report.json

Clusters the float32 weights that the report names as coremltools does: Lloyd's
method of scikit-learn on float64 values with k-means++, one start, seed 0 and a
tolerance of 1e-2. Prints both errors of each weight, their sums and the time, and
fails if a weight's error here is the larger one. Needs python3-sklearn.
"""
import json
import os
import struct
import sys
import time

import numpy as np
from sklearn.cluster import KMeans

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'test',
                                'Properties'))
import schema  # noqa: E402


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def read_fields(data):
    """The fields of a message as (number, value); bytes stay views."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 2:
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
        elif key & 7 == 1:
            value, at = struct.unpack_from('<d', data, at)[0], at + 8
        else:
            value, at = struct.unpack_from('<f', data, at)[0], at + 4
        yield key >> 3, value


class Reader:
    def __init__(self):
        root = os.path.join(os.path.dirname(__file__), '..', 'proto')
        self.schema = schema.Schema(root)

    def all(self, message, data, field):
        number = self.schema.messages[message][field][1]
        return [value for n, value in read_fields(data) if n == number]

    def first(self, message, data, field):
        return (self.all(message, data, field) or [b''])[0]

    def weights(self, model):
        """{(layer, field): values} of convolutions and inner products."""
        found = {}
        for kind in ('neuralNetwork', 'neuralNetworkClassifier',
                     'neuralNetworkRegressor'):
            network = self.first('Model', model, kind)
            message = kind[0].upper() + kind[1:]
            for layer in self.all(message, network, 'layers') if network else []:
                name = bytes(self.first('NeuralNetworkLayer', layer, 'name'))
                for field, params in (('convolution', 'ConvolutionLayerParams'),
                                      ('innerProduct', 'InnerProductLayerParams')):
                    body = self.first('NeuralNetworkLayer', layer, field)
                    if len(body):
                        weights = self.first(params, body, 'weights')
                        values = self.first('WeightParams', weights, 'floatValue')
                        found[name.decode(), 'weights'] = np.frombuffer(
                            values, '<f4').astype(np.float64)
        return found


def lloyd(values, clusters):
    """The table and the squared error of what it stores in float32."""
    model = KMeans(min(clusters, len(values)), init='k-means++', tol=1e-2,
                   n_init=1, random_state=0).fit(values.reshape(-1, 1))
    table = model.cluster_centers_.ravel().astype(np.float32).astype(np.float64)
    return float(np.sum((values - table[model.labels_]) ** 2))


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit('usage: lloyd_reference.py MODEL REPORT.json [MOST_VALUES]')
    with open(sys.argv[1], 'rb') as f:
        weights = Reader().weights(memoryview(f.read()))
    with open(sys.argv[2]) as f:
        report = json.load(f)
    most = int(sys.argv[3]) if len(sys.argv) == 4 else None
    ours = theirs = seconds = 0
    count = values_done = worse = 0
    for entry in report['weights']:
        if entry['method'] != 'kmeans':
            continue
        values = weights[entry['layer'], entry['field']]
        if most and values_done + len(values) > most:
            continue
        start = time.process_time()
        error = lloyd(values, 1 << entry['bits'])
        seconds += time.process_time() - start
        print(f"{entry['layer']:<24} {len(values):>9}  "
              f"{entry['squared_error']:.6e}  {error:.6e}", flush=True)
        ours += entry['squared_error']
        theirs += error
        count += 1
        values_done += len(values)
        worse += entry['squared_error'] > error * (1 + 1e-9)
    print(f'{count} weights, {values_done} values: squared error {ours:.6e} here, '
          f'{theirs:.6e} there ({100 * (theirs / ours - 1):.2f} % more), '
          f'{worse} weights worse here; {seconds:.1f} CPU s there')
    sys.exit(worse != 0)


if __name__ == '__main__':
    main()
