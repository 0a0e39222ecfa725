#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the error of wide convolutions beside that of plain float32 sums.

    wide_convolutions.py --tool build/bin/mlmodel

Such convolutions may be computed by Winograd's F(4, 3). The reference is float64,
the plain sum adds product by product in float32; weights and images are normally
distributed. Errors are relative to the root mean square of the results. Prints the
table of docs/Numerics.md; an error of more than three times that of the plain sum
fails, and so does a NaN that gets more than three columns beyond its windows.
"""
import argparse
import sys
import tempfile

import properties     # first: it says so where numpy is missing

import numpy as np

import core
import network
import schema

SIZES = [(64, 56), (128, 28), (256, 14)]
MOST = 3


def convolve(x, w):
    """Product by product in the type of the operands, for a border of zeros."""
    padded = np.pad(x, [(0, 0), (1, 1), (1, 1)])
    y = np.zeros((w.shape[0],) + x.shape[1:], x.dtype)
    for c in range(w.shape[1]):
        for i in range(3):
            for j in range(3):
                image = padded[c, i:i + x.shape[1], j:j + x.shape[2]]
                y += w[:, c, i, j, None, None] * image
    return y


def case(x, w):
    params = {'outputChannels': len(w), 'kernelChannels': w.shape[1], 'same': {},
              'weights': {'floatValue': w.reshape(-1)}}
    return core.Case('convolution', params, [x[None, None]], x)


def predict(tool, layout, cases):
    net = network.Network(layout, True)
    for number, each in enumerate(cases):
        net.add(number, each)
    with tempfile.TemporaryDirectory() as folder:
        outputs = net.predict(tool, folder)
    return [outputs['y%d_0' % number] for number in range(len(cases))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    parser.add_argument('--proto', default=properties.PROTO)
    options = parser.parse_args()
    layout, random, bad = schema.Schema(options.proto), np.random.default_rng(1), []
    operands = [(random.standard_normal((n, size, size)).astype(np.float32),
                 random.standard_normal((n, n, 3, 3)).astype(np.float32))
                for n, size in SIZES]
    # The same image once more, with a NaN in one column.
    broken, row, column = operands[-1][0].copy(), 5, 6
    broken[0, row, column] = np.nan
    *results, with_nan = predict(options.tool, layout, [case(x, w) for x, w in operands]
                                 + [case(broken, operands[-1][1])])
    print('| channels, size | rms error | of plain sums | greatest error '
          '| of plain sums |\n|---|---|---|---|---|')
    for (n, size), (x, w), y in zip(SIZES, operands, results):
        exact = convolve(x.astype(np.float64), w.astype(np.float64))
        unit = np.sqrt(np.mean(exact ** 2))
        means, most = [], []
        for values in (y.reshape(exact.shape), convolve(x, w)):
            error = abs(values - exact) / unit
            means.append(np.sqrt(np.mean(error ** 2)))
            most.append(error.max())
        print('| %d, %d x %d | %.2g | %.2g | %.2g | %.2g |' % (
            n, size, size, *means, *most))
        if not (means[0] <= MOST * means[1] and most[0] <= MOST * most[1]):
            bad.append('%d channels: errors of more than plain sums' % n)
    rows, columns = np.nonzero(np.isnan(with_nan.reshape(results[-1].shape)).any(0))[-2:]
    print('A NaN at row %d, column %d reaches rows %d to %d, columns %d to %d' % (
        row, column, rows.min(), rows.max(), columns.min(), columns.max()))
    if not (set(rows) == {row - 1, row, row + 1} and columns.min() >= column - 4
            and columns.max() <= column + 4):
        bad.append('a NaN gets too far')
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
