# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gather, scatter and what else is led by indices."""
import itertools

import numpy as np

from core import Case, family

MODES = {
    'SCATTER_UPDATE': lambda old, new: new, 'SCATTER_ADD': lambda old, new: old + new,
    'SCATTER_SUB': lambda old, new: old - new,
    'SCATTER_MUL': lambda old, new: old * new,
    'SCATTER_DIV': lambda old, new: old / new,
    'SCATTER_MAX': np.maximum, 'SCATTER_MIN': np.minimum,
}


def draw_indices(d, shape, size):
    """(as the layer gets them, from the front): some count from the end."""
    index = d.random.integers(0, size, shape)
    negative = (d.random.random(shape) < 0.2) & d.flag()
    return np.where(negative, index - size, index), index


def quarters(d, shape, mode):
    """Values with which sums are exact; products and quotients by powers of two."""
    if mode in ('SCATTER_MUL', 'SCATTER_DIV'):
        return d.random.choice(np.float32([0.5, 1, 2, -1]), shape)
    return (np.rint(d.values(shape, -40, 40)) / 4).astype(np.float32)


@family('gather')
def gather(d):
    x = d.blob(1, 4)
    stored, axis = d.axis(x.ndim)
    given, index = draw_indices(d, d.shape(1, 5 - x.ndim + 1, 4), x.shape[axis])
    return Case('gather', {'axis': stored}, [x, given], np.take(x, index, axis))


@family('gatherAlongAxis')
def gather_along_axis(d):
    x = d.blob()
    stored, axis = d.axis(x.ndim)
    shape = list(x.shape)
    shape[axis] = d.integer(1, 5)
    given, index = draw_indices(d, shape, x.shape[axis])
    return Case('gatherAlongAxis', {'axis': stored}, [x, given],
                np.take_along_axis(x, index, axis))


def draw_points(d, shape, depth):
    """Multi-indices into the first `depth` axes."""
    lead = d.shape(1, 2, 4)
    return np.stack([d.random.integers(0, n, lead) for n in shape[:depth]], -1)


@family('gatherND')
def gather_nd(d):
    x = d.blob(1, 4)
    index = draw_points(d, x.shape, d.integer(1, x.ndim))
    return Case('gatherND', {}, [x, index], x[tuple(np.moveaxis(index, -1, 0))])


@family('scatter')
def scatter(d):
    """container[.., indices, ..] (op)= updates, one after the other."""
    mode = d.pick(sorted(MODES))
    x = quarters(d, d.shape(1, 4, 4), mode)
    stored, axis = d.axis(x.ndim)
    shape = d.shape(1, 5 - x.ndim + 1, 3)
    if mode == 'SCATTER_UPDATE':     # no order is promised for equal indices
        shape = (d.integer(1, x.shape[axis]),)
        index = d.random.permutation(x.shape[axis])[:shape[0]]
        given = index
    else:
        given, index = draw_indices(d, shape, x.shape[axis])
    updates = quarters(d, x.shape[:axis] + shape + x.shape[axis + 1:], mode)
    y = np.moveaxis(x.copy(), axis, 0)
    flat = updates.reshape(x.shape[:axis] + (-1,) + x.shape[axis + 1:])
    flat = np.moveaxis(flat, axis, 0)
    for i, target in enumerate(index.reshape(-1)):
        y[target] = MODES[mode](y[target], flat[i])
    return Case('scatter', {'axis': stored, 'mode': mode}, [x, given, updates],
                np.moveaxis(y, 0, axis))


@family('scatterAlongAxis')
def scatter_along_axis(d):
    mode = d.pick(sorted(MODES))
    x = quarters(d, d.shape(1, 4, 4), mode)
    stored, axis = d.axis(x.ndim)
    count = d.integer(1, x.shape[axis])
    shape = x.shape[:axis] + (count,) + x.shape[axis + 1:]
    if mode == 'SCATTER_UPDATE':
        index = d.random.random(x.shape).argsort(axis).take(range(count), axis)
        given = index
    else:
        given, index = draw_indices(d, shape, x.shape[axis])
    updates = quarters(d, shape, mode)
    y = x.copy()
    for at in itertools.product(*map(range, shape)):
        target = at[:axis] + (index[at],) + at[axis + 1:]
        y[target] = MODES[mode](y[target], updates[at])
    return Case('scatterAlongAxis', {'axis': stored, 'mode': mode},
                [x, given, updates], y)


@family('scatterND')
def scatter_nd(d):
    mode = d.pick(sorted(MODES))
    x = quarters(d, d.shape(1, 4, 4), mode)
    depth = d.integer(1, x.ndim)
    index = draw_points(d, x.shape, depth)
    if mode == 'SCATTER_UPDATE':
        points = list(itertools.product(*map(range, x.shape[:depth])))
        chosen = d.random.permutation(len(points))[:d.integer(1, len(points))]
        index = np.array([points[i] for i in chosen])
    updates = quarters(d, index.shape[:-1] + x.shape[depth:], mode)
    y = x.copy()
    for at in itertools.product(*map(range, index.shape[:-1])):
        target = tuple(index[at])
        y[target] = MODES[mode](y[target], updates[at])
    return Case('scatterND', {'mode': mode}, [x, index, updates], y)


@family('oneHot')
def one_hot(d):
    """Indices outside of the vector give a vector of off values."""
    size = d.integer(1, 6)
    index = d.random.integers(-2, size + 2, d.shape(1, 4))
    stored, axis = d.axis(index.ndim + 1)
    on, off = d.real(-3, 3), d.real(-3, 3)
    hit = np.arange(size).reshape((-1,) + (1,) * (index.ndim - axis)) == \
        np.expand_dims(index, axis)
    return Case('oneHot', {'oneHotVectorSize': size, 'axis': stored, 'onValue': on,
                           'offValue': off}, [index], np.where(hit, on, off))
