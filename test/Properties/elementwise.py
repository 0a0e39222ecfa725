# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elementwise layers: unary functions, arithmetic, comparison, logic."""
import numpy as np

from activation import ERF
from core import DENORMAL, Case, UNIT, as64, family, sum_slack

# ---------------------------------------------------------------- one input

# kind: (function, least and greatest argument)
FUNCTIONS = {
    'exp2': (np.exp2, -20, 20), 'sin': (np.sin, -10, 10), 'cos': (np.cos, -10, 10),
    'tan': (np.tan, -10, 10), 'asin': (np.arcsin, -1, 1), 'acos': (np.arccos, -1, 1),
    'atan': (np.arctan, -10, 10), 'sinh': (np.sinh, -10, 10),
    'cosh': (np.cosh, -10, 10), 'tanh': (np.tanh, -5, 5),
    'asinh': (np.arcsinh, -10, 10), 'acosh': (np.arccosh, 1, 20),
    'atanh': (np.arctanh, -0.99, 0.99), 'erf': (ERF, -4, 4),
}
EXACT = {'ceil': np.ceil, 'floor': np.floor, 'round': np.rint, 'sign': np.sign,
         'copy': lambda x: x, 'logicalNot': lambda x: x == 0}


@family(*FUNCTIONS)
def function(d):
    f, low, high = FUNCTIONS[d.kind]
    x = d.special(d.values(d.shape(), low, high), (np.nan, 0.0, -0.0, DENORMAL)
                  if d.kind != 'acosh' else (np.nan, 1.0, 0.5))
    with np.errstate(all='ignore'):
        return Case(d.kind, {}, [x], f(as64(x)), 5e-7, 1e-45)


@family(*EXACT)
def exact_function(d):
    x = d.values(d.shape(), -4, 4)
    # Halves and whole numbers are where these functions jump.
    x = d.special(np.where(d.random.random(x.shape) < 0.4, np.rint(x * 2) / 2, x)
                  .astype(np.float32))
    return Case(d.kind, {}, [x], EXACT[d.kind](x))


@family('clip')
def clip(d):
    x = d.special(d.blob())
    low = d.real(-3, 1)
    high = d.real(low, 3)
    y = np.minimum(np.maximum(x, np.float32(low)), np.float32(high))
    return Case('clip', {'minVal': low, 'maxVal': high}, [x], y)


def unary_value(kind, u, alpha, epsilon):
    return {'SQRT': lambda: np.sqrt(u), 'RSQRT': lambda: 1 / np.sqrt(u + epsilon),
            'INVERSE': lambda: 1 / (u + epsilon), 'POWER': lambda: u ** alpha,
            'EXP': lambda: np.exp(u), 'LOG': lambda: np.log(u + epsilon),
            'ABS': lambda: np.abs(u), 'THRESHOLD': lambda: np.maximum(alpha, u),
            }[kind]()


@family('unary', legacy=True)
def unary(d):
    kind = d.pick(['SQRT', 'RSQRT', 'INVERSE', 'POWER', 'EXP', 'LOG', 'ABS',
                   'THRESHOLD'])
    positive = kind in ('SQRT', 'RSQRT', 'LOG', 'POWER')
    x = d.values(d.shape(), 0.01 if positive else -4, 4)
    params, scale, shift, epsilon = {'type': kind}, 1.0, 0.0, 1e-6
    if d.flag():
        params['scale'] = scale = d.real(0.25, 2) * d.pick([1, 1 if positive else -1])
    elif d.flag(0.2):
        params['scale'] = 0.0     # means 1
    if d.flag():
        params['shift'] = shift = d.real(0 if positive else -2, 2)
    if d.flag(0.3):
        params['epsilon'] = epsilon = d.real(0.001, 0.5)
    params['alpha'] = alpha = d.real(-2, 3)
    u = scale * as64(x) + shift
    step = 4 * UNIT * (np.abs(scale * as64(x)) + abs(shift) + epsilon)
    y = unary_value(kind, u, alpha, epsilon)
    near = [unary_value(kind, np.maximum(u + s, 1e-9) if positive else u + s, alpha,
                        epsilon) for s in (-step, step)]
    slack = np.maximum(abs(near[0] - y), abs(near[1] - y))
    return Case('unary', params, [x], y, 1e-6, slack)


# ---------------------------------------------------------------- two inputs

def broadcast_pair(d, make):
    """Two arrays that broadcast by numpy's rules."""
    shape = d.shape(1, 5)
    pair = []
    for _ in range(2):
        part = shape[d.integer(0, len(shape) - 1):] if d.flag(0.3) else shape
        pair.append(make(tuple(1 if d.flag(0.2) else n for n in part)))
    return pair


ARITHMETIC = {'addBroadcastable': np.add, 'subtractBroadcastable': np.subtract,
              'multiplyBroadcastable': np.multiply, 'divideBroadcastable': np.divide,
              'minBroadcastable': np.minimum, 'maxBroadcastable': np.maximum}


@family(*ARITHMETIC)
def arithmetic(d):
    a, b = broadcast_pair(d, lambda shape: d.special(d.values(shape)))
    with np.errstate(all='ignore'):
        return Case(d.kind, {}, [a, b], ARITHMETIC[d.kind](a, b))


@family('floorDivBroadcastable', 'modBroadcastable')
def floor_division(d):
    """Quarters: no quotient lies so near a whole number that rounding matters."""
    a, b = broadcast_pair(d, lambda shape: (np.rint(d.values(shape, -40, 40)) / 4)
                          .astype(np.float32))
    b = np.where(b == 0, np.float32(1.5), b)
    floor = np.floor(a / b)
    y = floor if d.kind == 'floorDivBroadcastable' else a - floor * b
    return Case(d.kind, {}, [a, b], y)


@family('powBroadcastable')
def power(d):
    a, b = broadcast_pair(d, lambda shape: d.values(shape, -3, 3))
    if d.flag():
        a = np.abs(a) + np.float32(0.01)
    else:
        b = np.rint(b)     # a negative base has real powers for whole exponents
    with np.errstate(all='ignore'):
        return Case('powBroadcastable', {}, [a, b], as64(a) ** as64(b), 5e-7)


COMPARE = {'equal': np.equal, 'notEqual': np.not_equal, 'lessThan': np.less,
           'lessEqual': np.less_equal, 'greaterThan': np.greater,
           'greaterEqual': np.greater_equal}


@family(*COMPARE)
def compare(d):
    whole = lambda shape: d.special(np.rint(d.values(shape)))
    if d.flag(0.4):
        x, alpha = whole(d.shape()), float(d.integer(-2, 2))
        return Case(d.kind, {'alpha': alpha}, [x], COMPARE[d.kind](x, alpha))
    a, b = broadcast_pair(d, whole)
    return Case(d.kind, {}, [a, b], COMPARE[d.kind](a, b))


LOGIC = {'logicalAnd': np.logical_and, 'logicalOr': np.logical_or,
         'logicalXor': np.logical_xor}


@family(*LOGIC)
def logic(d):
    a, b = broadcast_pair(d, lambda shape: np.maximum(np.rint(d.values(shape)), 0))
    return Case(d.kind, {}, [a, b], LOGIC[d.kind](a, b))


# ---------------------------------------------------------------- many inputs

def limited_broadcast(d, count):
    """Inputs of the old layers: sizes of 1 in C, or in H and W, may repeat."""
    shape = d.shape(4, 5)
    inputs = [d.values(shape)]
    for _ in range(count - 1):
        c, hw = d.flag(0.3), d.flag(0.3)
        inputs.append(d.values(shape[:-3] + (1 if c else shape[-3],) + tuple(
            1 if hw else n for n in shape[-2:])))
    return inputs


@family('add', 'multiply', legacy=True)
def add_multiply(d):
    combine = np.add if d.kind == 'add' else np.multiply
    if d.flag(0.3):
        x, alpha = d.blob(), d.real(-2, 2)
        return Case(d.kind, {'alpha': alpha}, [x], combine(x, np.float32(alpha)))
    xs = limited_broadcast(d, d.integer(2, 4))
    y, size = as64(xs[0]), abs(as64(xs[0]))
    for x in xs[1:]:
        y, size = combine(y, x), combine(size, abs(x))
    return Case(d.kind, {}, xs, y, 0, sum_slack(size, len(xs)))


@family('average', legacy=True)
def average(d):
    xs = limited_broadcast(d, d.integer(2, 4))
    size = sum(abs(as64(x)) for x in xs) / len(xs)
    return Case('average', {}, xs, sum(as64(x) for x in xs) / len(xs), 0,
                sum_slack(size, len(xs) + 2))


@family('max', 'min', legacy=True)
def extremes(d):
    xs = limited_broadcast(d, d.integer(2, 4))
    combine = np.maximum if d.kind == 'max' else np.minimum
    y = xs[0]
    for x in xs[1:]:
        y = combine(y, x)
    return Case(d.kind, {}, xs, y)


@family('dot', legacy=True)
def dot(d):
    """Vectors along C; cosineSimilarity divides by both lengths."""
    shape = d.shape(3, 5)[:-2] + (1, 1)
    a, b = d.values(shape, 0.1, 2), d.values(shape)
    a64, b64 = as64(a, b)
    axis = len(shape) - 3
    total = lambda v: v.sum(axis, keepdims=True)
    y, size = total(a64 * b64), total(abs(a64 * b64))
    cosine = d.flag()
    if cosine:
        length = np.sqrt(total(a64 ** 2) * total(b64 ** 2))
        y, size = y / length, 2 * size / length
    return Case('dot', {'cosineSimilarity': cosine}, [a, b], y, 1e-6,
                sum_slack(size, shape[axis] + 4))


@family('whereBroadcastable')
def where(d):
    shape = d.shape()
    a, b = (d.values(tuple(1 if d.flag(0.2) else n for n in shape)) for _ in range(2))
    condition = np.rint(d.values(shape, 0, 1))
    return Case('whereBroadcastable', {}, [condition, a, b],
                np.where(condition != 0, a, b))
