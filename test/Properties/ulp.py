#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the error of every function of one number in units in the last place.

    ulp.py --tool build/bin/mlmodel [--samples 200000]

Each layer gets samples spread evenly over its ordinary domain, samples of every
magnitude in it, and special values. The reference is float64 and is not rounded
before the comparison. Prints the table of docs/Numerics.md; a function that is
off by more than its bound fails.
"""
import argparse
import math
import sys
import tempfile

import properties     # first: it says so where numpy is missing

import numpy as np

import core
import network
import schema

ERF = np.vectorize(math.erf, otypes=[np.float64])
ERFC = np.vectorize(math.erfc, otypes=[np.float64])
# glibc's vector functions promise 4 ulp, our formulas add a rounding or two. The
# bounds of gelu are what one rounding of its argument makes of the result.
BOUND, TAIL_BOUND = 5, 50
SPECIAL = np.float32([np.nan, np.inf, -np.inf, -0.0, 1e-40])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    """erfc keeps the digits that 1 + erf loses for negative x."""
    return 0.5 * x * ERFC(-x / math.sqrt(2))


def gelu_tanh(x):
    """x * sigmoid(2 z) is 0.5 x (1 + tanh z) without the cancellation."""
    return x * sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))


def softplus(x):
    return np.logaddexp(0, x)


F32 = np.float32
ACTIVATION = [
    ('tanh', {'tanh': {}}, np.tanh, -10, 10),
    ('scaledTanh 1.7159, 2/3', {'scaledTanh': {'alpha': 1.7159, 'beta': 2 / 3}},
     lambda x: float(F32(1.7159)) * np.tanh(float(F32(2 / 3)) * x), -10, 10),
    ('sigmoid', {'sigmoid': {}}, sigmoid, -80, 80),
    ('softplus', {'softplus': {}}, softplus, -80, 80),
    ('softsign', {'softsign': {}}, lambda x: x / (1 + abs(x)), -100, 100),
    ('ELU 1', {'ELU': {'alpha': 1}}, lambda x: np.where(x < 0, np.expm1(x), x), -20, 5),
]
EPSILON = float(F32(1e-6))
UNARY = [
    ('SQRT', np.sqrt, 0, 1e30, {}),
    ('RSQRT', lambda x: 1 / np.sqrt(x + EPSILON), 0.01, 1e30, {}),
    ('INVERSE', lambda x: 1 / (x + EPSILON), 0.01, 1e30, {}),
    ('POWER', lambda x: x ** 2.5, 1e-9, 1e9, {'alpha': 2.5}),
    ('EXP', np.exp, -87, 88, {}),
    ('LOG', lambda x: np.log(x + EPSILON), 2, 1e30, {}),
]
PLAIN = [
    ('exp2', np.exp2, -125, 127), ('sin', np.sin, -1000, 1000),
    ('cos', np.cos, -1000, 1000), ('tan', np.tan, -1000, 1000),
    ('asin', np.arcsin, -1, 1), ('acos', np.arccos, -1, 1),
    ('atan', np.arctan, -1000, 1000), ('sinh', np.sinh, -85, 85),
    ('cosh', np.cosh, -85, 85), ('tanh', np.tanh, -10, 10),
    ('asinh', np.arcsinh, -1e6, 1e6), ('acosh', np.arccosh, 1, 1e6),
    ('atanh', np.arctanh, -1, 1), ('erf', ERF, -5, 5),
]
GELU = [('EXACT', gelu, -5, 10), ('TANH_APPROXIMATION', gelu_tanh, -5, 10),
        ('SIGMOID_APPROXIMATION', lambda x: x * sigmoid(float(F32(1.702)) * x), -5, 10)]


def functions():
    """(title, kind of layer, parameters, reference, least, greatest argument, bound)"""
    for title, params, reference, low, high in ACTIVATION:
        yield 'activation ' + title, 'activation', params, reference, low, high, BOUND
    for name, reference, low, high, params in UNARY:
        yield ('unary ' + name, 'unary', dict(params, type=name), reference, low, high,
               BOUND)
    for name, reference, low, high in PLAIN:
        yield name, name, {}, reference, low, high, BOUND
    for mode, reference, low, high in GELU:
        yield ('gelu ' + mode, 'gelu', {'mode': mode}, reference, low, high,
               TAIL_BOUND)


def samples(random, count, low, high):
    """Half evenly between the bounds, half evenly over the magnitudes."""
    even = random.uniform(low, high, count // 2)
    least = max(low, 1e-30) if low > 0 else 1e-30
    sizes = [np.exp(random.uniform(math.log(least), math.log(abs(bound)), count))
             * np.sign(bound) for bound in (low, high) if bound]
    spread = random.choice(np.concatenate(sizes), count - count // 2)
    points = np.concatenate([even, spread]).astype(np.float32)
    points = np.clip(points, F32(low), F32(high))
    return np.concatenate([SPECIAL, points])


def ulps(actual, reference):
    """Distance in units in the last place of the rounded reference."""
    rounded = np.abs(reference).astype(np.float32)
    unit = np.spacing(np.minimum(rounded, np.finfo(F32).max)).astype(np.float64)
    return np.abs(actual.astype(np.float64) - reference) / unit


def shown(value):
    if value == 0:
        return '-0' if np.signbit(value) else '0'
    return '%.4g' % value


def measure(tool, layout, count):
    """(title, low, high, bound, worst error, its argument, mean, special values)"""
    random = np.random.default_rng(1)
    net, rows = network.Network(layout, False), []
    for number, (title, kind, params, *rest) in enumerate(functions()):
        x = samples(random, count, *rest[1:3])
        net.add(number, core.Case(kind, params, [x], x))
        rows.append((title, x, *rest))
    with tempfile.TemporaryDirectory() as folder:
        outputs = net.predict(tool, folder)
    head = len(SPECIAL)
    for number, (title, x, reference, low, high, bound) in enumerate(rows):
        y = outputs['y%d_0' % number]
        with np.errstate(all='ignore'):
            error = ulps(y[head:], reference(x[head:].astype(np.float64)))
        worst = int(np.argmax(error))
        yield (title, low, high, bound, error[worst], x[head + worst], np.mean(error),
               y[:head])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    parser.add_argument('--proto', default=properties.PROTO)
    parser.add_argument('--samples', type=int, default=200000)
    options = parser.parse_args()
    print('| function | from | to | worst ulp | at | mean ulp | NaN | inf | -inf '
          '| -0 | 1e-40 |\n|---|---|---|---|---|---|---|---|---|---|---|')
    bad = []
    for title, low, high, bound, worst, at, mean, special in measure(
            options.tool, schema.Schema(options.proto), options.samples):
        print('| %s | %g | %g | %.2f | %.6g | %.2f | %s |' % (
            title, low, high, worst, at, mean, ' | '.join(map(shown, special))))
        if not worst <= bound:     # a NaN is no small error
            bad.append('%s is off by more than %g ulp' % (title, bound))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
