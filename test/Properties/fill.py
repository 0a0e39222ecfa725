# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Layers that make values from nothing, and bias and scale."""
import numpy as np

from core import Case, UNIT, as64, family


@family('loadConstant', legacy=True)
def load_constant(d):
    """Always of rank 5: [1, 1, C, H, W]."""
    shape = tuple(d.integer(1, 5) for _ in range(3))
    data, values = d.weights(d.values(shape))
    return Case('loadConstant', {'shape': shape, 'data': data}, [],
                values.reshape((1, 1) + shape), 1.5e-7, 1e-7)


@family('loadConstantND')
def load_constant_nd(d):
    shape = d.shape()
    data, values = d.weights(d.values(shape))
    return Case('loadConstantND', {'shape': shape, 'data': data}, [], values,
                1.5e-7, 1e-7)


@family('fillLike', 'fillStatic', 'fillDynamic')
def fill(d):
    shape, value = d.shape(), d.real(-3, 3)
    params, inputs = {'value': value}, []
    if d.kind == 'fillStatic':
        params['targetShape'] = shape
    else:
        inputs = [d.values(shape) if d.kind == 'fillLike' else d.late(shape)]
    return Case(d.kind, params, inputs, np.full(shape, value, np.float32))


@family('rangeStatic', 'rangeDynamic')
def arange(d):
    """Quarters, so that the end is hit exactly or clearly missed."""
    step = d.pick([-1, 1]) * d.integer(1, 8) / 4
    start = d.integer(-12, 12) / 4
    end = start + step * d.integer(1, 12) + (step / 2 if d.flag() else 0)
    params = {'startValue': start, 'stepSizeValue': step}
    inputs = []
    if d.kind == 'rangeStatic':
        params['endValue'] = end
    else:
        inputs = [d.late([end])]
        for name, value in (('startValue', start), ('stepSizeValue', step)):
            if d.flag():
                break
            params[name] = 99.0     # ignored where there is an input
            inputs.append(d.late([value]))
    return Case(d.kind, params, inputs, np.arange(start, end, step))


def channel_shape(d, x):
    """One of [1], [C], [1, H, W], [C, H, W], and how it lies along x."""
    c, h, w = x.shape[-3:]
    shape = d.pick([(1,), (c,), (1, h, w), (c, h, w)])
    return shape, shape if len(shape) == 3 else shape + (1, 1)


def draw_parameter(d, x):
    shape, along = channel_shape(d, x)
    message, values = d.weights(d.values(shape), packed=False)
    return shape, message, as64(values).reshape(along)


@family('bias', legacy=True)
def bias(d):
    x = d.blob(3, 5)
    shape, message, values = draw_parameter(d, x)
    return Case('bias', {'shape': shape, 'bias': message}, [x], as64(x) + values,
                2 * UNIT)


@family('scale', legacy=True)
def scale(d):
    x = d.blob(3, 5)
    params = {}
    params['shapeScale'], params['scale'], factor = draw_parameter(d, x)
    y = as64(x) * factor
    offset = 0
    if d.flag():
        params['hasBias'] = True
        params['shapeBias'], params['bias'], offset = draw_parameter(d, x)
    return Case('scale', params, [x], y + offset, 2 * UNIT,
                2 * UNIT * (abs(y) + abs(offset)))
