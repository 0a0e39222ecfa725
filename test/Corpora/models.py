#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Real neural networks on random inputs.

    models.py --tool build/bin/mlmodel --models DIR --oracles DIR

Every array and image that comes out must be finite and have the shape that was
inferred. Tells which models have an oracle, against which corpus.oracles and
corpus.images compare values; those without one are not known any better.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

SKIPPED = 77
try:
    import numpy as np
except ImportError:
    print('skipped: no numpy')
    sys.exit(SKIPPED)


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, timeout=600)
    if done.returncode:
        raise ValueError(done.stderr.decode('utf-8', 'replace').strip()[:300])
    return done.stdout


def inferred_shapes(described):
    """{blob: shape} of what the layers write; the last writer counts."""
    shapes = {}
    for layer in described['layers']:
        for blob, shape in zip(layer['blobs'], layer['shape'].split(', ')):
            shapes[blob] = [int(n) for n in shape.split('x')] if shape != '?' else None
    return shapes


def without_ones(shape):
    return [n for n in shape if n != 1]


def check(tool, path, described):
    """Predicts; returns the number of arrays that were looked at."""
    shapes, count = inferred_shapes(described), 0
    with tempfile.TemporaryDirectory() as work:
        arguments = [tool, 'predict', path, '--output-dir', work]
        for feature in described['inputs']:
            arguments += ['--input', feature['name'] + '=random:1']
        run(*arguments)
        with open(work + '/outputs.json') as file:
            outputs = json.load(file)
        for name, output in outputs.items():
            if 'file' not in output:
                continue
            value = np.load(os.path.join(work, output['file']))
            if not np.isfinite(value).all():
                raise ValueError("output '%s' is not finite" % name)
            shape = shapes.get(name)
            actual = value.transpose(2, 0, 1).shape if value.ndim == 3 and \
                output['type'] == 'image' else value.shape
            if shape is None or without_ones(shape) != without_ones(actual):
                raise ValueError("output '%s' has shape %s, inferred is %s" % (
                    name, list(actual), shape))
            count += 1
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    parser.add_argument('--models', required=True)
    parser.add_argument('--oracles', required=True)
    options = parser.parse_args()
    if not os.path.isdir(options.models):
        print('skipped: no models at', options.models)
        return SKIPPED
    ran, arrays, alone, failed = 0, 0, 0, 0
    for file in sorted(os.listdir(options.models)):
        path, name = os.path.join(options.models, file), os.path.splitext(file)[0]
        if not file.endswith('.mlmodel'):
            continue
        described = json.loads(run(options.tool, 'info', '--json', path))
        if not described['type'].startswith('neuralNetwork'):
            continue
        ran += 1
        alone += not os.path.isdir(os.path.join(options.oracles, name))
        try:
            arrays += check(options.tool, path, described)
        except (ValueError, subprocess.TimeoutExpired) as problem:
            failed += 1
            print('%s: %s' % (file, problem))
    print('%d networks, %d of them without an oracle, %d arrays, %d failed' % (
        ran, alone, arrays, failed))
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
