# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Activation functions: the message ActivationParams, and the later ones."""
import math

import numpy as np

from core import DENORMAL, Case, UNIT, as64, family

ERF = np.vectorize(math.erf, otypes=[np.float64])


def softplus(x):
    return np.logaddexp(0, x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# name: (function of x and the parameters, names of parameters)
PLAIN = {
    'linear': (lambda x, a, b: a * x + b, ('alpha', 'beta')),
    'ReLU': (lambda x: np.maximum(0, x), ()),
    'leakyReLU': (lambda x, a: np.where(x < 0, a * x, x), ('alpha',)),
    'thresholdedReLU': (lambda x, a: np.where(x < a, 0, x), ('alpha',)),
    'tanh': (np.tanh, ()),
    'scaledTanh': (lambda x, a, b: a * np.tanh(b * x), ('alpha', 'beta')),
    'sigmoid': (sigmoid, ()),
    'sigmoidHard': (lambda x, a, b: np.minimum(np.maximum(a * x + b, 0), 1),
                    ('alpha', 'beta')),
    'ELU': (lambda x, a: np.where(x < 0, a * np.expm1(x), x), ('alpha',)),
    'softsign': (lambda x: x / (1 + np.abs(x)), ()),
    'softplus': (softplus, ()),
}
PER_CHANNEL = {
    'PReLU': (lambda x, a: np.where(x < 0, a * x, x), ('alpha',)),
    'parametricSoftplus': (lambda x, a, b: a * softplus(b * x), ('alpha', 'beta')),
}


def channel_weights(d, channels):
    """Weights of length C or 1, and an array that broadcasts along axis -3."""
    message, values = d.weights(d.values(d.pick([1, channels]), -1, 1.5), packed=False)
    return message, as64(values).reshape(-1, 1, 1)


@family('activation', legacy=True)
def activation(d):
    if d.flag(0.3):
        name = d.pick(sorted(PER_CHANNEL))
        function, names = PER_CHANNEL[name]
        x = d.blob(3)
        drawn = [channel_weights(d, x.shape[-3]) for _ in names]
        params = {n: message for n, (message, _) in zip(names, drawn)}
        values = [value for _, value in drawn]
    else:
        name = d.pick(sorted(PLAIN))
        function, names = PLAIN[name]
        x = d.special(d.blob(), (np.nan, -0.0, DENORMAL, 80.0, -80.0))
        params = {n: d.real(-1, 2) for n in names}
        values = list(params.values())
    x64 = as64(x)
    with np.errstate(all='ignore'):
        y = function(x64, *values)
        # The argument of the outer function is rounded, twice at most.
        inner = [a for a in ('beta',) if a in names]
        slack = 0
        if inner:
            moved = [function(x64, *[np.asarray(v) * f if n == 'beta' else v
                                     for n, v in zip(names, values)])
                     for f in (1 + 4 * UNIT, 1 - 4 * UNIT)]
            slack = np.fmax(abs(moved[0] - y), abs(moved[1] - y))
        if name in ('linear', 'sigmoidHard'):
            slack = 4 * UNIT * (abs(values[0] * x64) + abs(values[1]))
    return Case('activation', {name: params}, [x], y, 1e-6, slack)


@family('clampedReLU')
def clamped_relu(d):
    x = d.special(d.blob())
    a, b = d.real(-1, 1), d.real(-1, 3)
    y = np.minimum(np.float32(b), np.where(x < 0, np.float32(a) * x, x))
    return Case('clampedReLU', {'alpha': a, 'beta': b}, [x], y)


@family('gelu')
def gelu(d):
    x = d.values(d.shape(), -6, 6)
    mode = d.pick(['EXACT', 'TANH_APPROXIMATION', 'SIGMOID_APPROXIMATION'])
    v = as64(x)
    # 1 + f with f near -1 keeps what rounding f leaves: the tail is absolute.
    slack = 4 * UNIT * abs(v)
    if mode == 'EXACT':
        y = 0.5 * v * (1 + ERF(v / math.sqrt(2)))
    elif mode == 'TANH_APPROXIMATION':
        y = 0.5 * v * (1 + np.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v ** 3)))
    else:
        y, slack = v * sigmoid(1.702 * v), 0
    return Case('gelu', {'mode': mode}, [x], y, 2e-6, slack)
