# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions along axes, positions of extremes, running sums."""
import numpy as np

from core import Case, UNIT, as64, family, sum_slack


def log_sum_exp(x, axes, keep):
    top = x.max(axes, keepdims=True)
    y = np.log(np.exp(x - top).sum(axes, keepdims=True)) + top
    return y if keep else np.squeeze(y, axes)


# name: function of (x, axes, keepdims)
REDUCE = {
    'Sum': lambda x, a, k: x.sum(a, keepdims=k),
    'Mean': lambda x, a, k: x.mean(a, keepdims=k),
    'Prod': lambda x, a, k: x.prod(a, keepdims=k),
    'L1': lambda x, a, k: abs(x).sum(a, keepdims=k),
    'L2': lambda x, a, k: np.sqrt((x * x).sum(a, keepdims=k)),
    'SumSquare': lambda x, a, k: (x * x).sum(a, keepdims=k),
    'Max': lambda x, a, k: x.max(a, keepdims=k),
    'Min': lambda x, a, k: x.min(a, keepdims=k),
    'LogSum': lambda x, a, k: np.log(x.sum(a, keepdims=k)),
    'LogSumExp': log_sum_exp,
}


def bounds(name, x, axes, keep, y):
    """(relative, slack) of a reduction whose terms may be added in any order."""
    count = int(np.prod([x.shape[a] for a in axes]))
    if name in ('Max', 'Min'):
        return 0, 0
    if name == 'Prod':
        return (count + 1) * UNIT, 1e-45
    if name in ('Sum', 'Mean'):
        return UNIT, sum_slack(REDUCE[name](abs(x), axes, keep), count)
    if name in ('LogSum', 'LogSumExp'):
        return 4 * UNIT, (count + 8) * UNIT * 2
    return (count + 4) * UNIT, 0


def draw_reducible(d, name, low=1):
    shape = d.shape(low, 5)
    return d.values(shape, 0.1, 3) if name == 'LogSum' else d.values(shape)


@family(*['reduce' + name for name in REDUCE])
def reduce_nd(d):
    name = d.kind[len('reduce'):]
    x = draw_reducible(d, name)
    keep, every = d.flag(), d.flag(0.2)
    axes = d.subset(range(x.ndim))
    params = {'keepDims': keep, 'reduceAll': every,
              'axes': [a - x.ndim if d.flag() else a for a in axes]}
    if every:
        axes = range(x.ndim)
        if d.flag():
            del params['axes']
    axes, x64 = tuple(axes), as64(x)
    y = REDUCE[name](x64, axes, keep)
    return Case(d.kind, params, [x], y, *bounds(name, x64, axes, keep, y))


LEGACY = {'SUM': 'Sum', 'AVG': 'Mean', 'PROD': 'Prod', 'LOGSUM': 'LogSum',
          'SUMSQUARE': 'SumSquare', 'L1': 'L1', 'L2': 'L2', 'MAX': 'Max', 'MIN': 'Min'}
AXES = {'CHW': (-3, -2, -1), 'HW': (-2, -1), 'C': (-3,), 'H': (-2,), 'W': (-1,)}


@family('reduce', legacy=True)
def reduce_old(d):
    """Keeps the axes. LOGSUM is the sum of logarithms, not the logarithm of a sum."""
    axis = d.pick(sorted(AXES))
    axes = AXES[axis]
    if len(axes) == 1 and d.flag(0.15):
        x = d.distinct(d.shape(3, 5))
        return Case('reduce', {'mode': 'ARGMAX', 'axis': axis}, [x],
                    np.expand_dims(x.argmax(axes[0]), axes[0]))
    mode = d.pick(sorted(LEGACY))
    name = LEGACY[mode]
    x = draw_reducible(d, name, 3)
    params, epsilon = {'mode': mode, 'axis': axis}, 1e-6
    if d.flag():
        params['epsilon'] = epsilon = d.real(0.001, 0.5)
    x64 = as64(x)
    if mode == 'LOGSUM':
        terms = np.log(x64 + epsilon)
        count = int(np.prod([x.shape[a] for a in axes]))
        return Case('reduce', params, [x], terms.sum(axes, keepdims=True), 1e-6,
                    sum_slack((abs(terms) + 2).sum(axes, keepdims=True), count))
    y = REDUCE[name](x64, axes, True)
    return Case('reduce', params, [x], y, *bounds(name, x64, axes, True, y))


@family('argMax', 'argMin')
def arg_extreme(d):
    x = d.distinct(d.shape())
    stored, axis = d.axis(x.ndim)
    remove = d.flag()
    y = x.argmax(axis) if d.kind == 'argMax' else x.argmin(axis)
    return Case(d.kind, {'axis': stored, 'removeDim': remove}, [x],
                y if remove else np.expand_dims(y, axis))


@family('cumSum')
def cumulative_sum(d):
    x = d.blob()
    stored, axis = d.axis(x.ndim)
    exclude, backwards = d.flag(), d.flag()
    v = np.flip(as64(x), axis) if backwards else as64(x)
    y, size = v.cumsum(axis), abs(v).cumsum(axis)
    if exclude:
        y = y - v
    if backwards:
        y, size = np.flip(y, axis), np.flip(size, axis)
    return Case('cumSum', {'axis': stored, 'excludeFinalSum': exclude,
                           'reverse': backwards}, [x], y, UNIT,
                sum_slack(size, x.shape[axis]))
