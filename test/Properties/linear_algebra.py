# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Matrix products and look-ups in matrices of weights."""
import numpy as np

from core import Case, as64, family, sum_slack


def draw_bias(d, params, size):
    if not d.flag():
        return np.zeros(size)
    params['bias'], bias = d.weights(d.values(size), packed=False)
    params['hasBias'] = True
    return as64(bias)


@family('innerProduct', legacy=True)
def inner_product(d):
    """Ranks above 3 flatten the last three axes, lower ranks use the last."""
    shape = d.shape(1, 5)
    flat = 3 if len(shape) > 3 else 1
    size, out = int(np.prod(shape[-flat:])), d.integer(1, 6)
    x = d.values(shape)
    params = {'inputChannels': size, 'outputChannels': out}
    params['weights'], w = d.weights(d.values((out, size), -1, 1), 0)
    bias = draw_bias(d, params, out)
    rows, w = as64(x.reshape(shape[:-flat] + (size,)), w)
    tail = (out, 1, 1) if flat == 3 else (out,)
    y = (rows @ w.T + bias).reshape(shape[:-flat] + tail)
    total = (abs(rows) @ abs(w).T + abs(bias)).reshape(y.shape)
    return Case('innerProduct', params, [x], y, 1e-7, sum_slack(total, size))


def constant_matmul(d):
    """One input: the matrix [X1, X2] is stored column by column."""
    shape, columns = d.shape(1, 5), d.integer(1, 6)
    rows = shape[-1]
    x = d.values(shape)
    params = {'weightMatrixFirstDimension': rows,
              'weightMatrixSecondDimension': columns}
    params['weights'], w = d.weights(d.values((columns, rows), -1, 1), 0)
    bias = draw_bias(d, params, columns)
    for flag in ('transposeA', 'transposeB'):
        if d.flag(0.2):
            params[flag] = True     # ignored when there is one input
    x64, w = as64(x, w)
    return Case('batchedMatmul', params, [x], x64 @ w.T + bias, 1e-7,
                sum_slack(abs(x64) @ abs(w).T + abs(bias), rows))


@family('batchedMatmul')
def batched_matmul(d):
    if d.flag(0.4):
        return constant_matmul(d)
    m, k, n = (d.integer(1, 5) for _ in range(3))
    batch = tuple(d.integer(1, 3) for _ in range(d.integer(0, 3)))
    shapes = []
    for matrix in ((m, k), (k, n)):
        part = batch[d.integer(0, len(batch)):]
        shapes.append(tuple(1 if d.flag(0.2) else s for s in part) + matrix)
    a, b = map(d.values, shapes)
    params = {}
    # A vector is a row on the left and a column on the right; the axis stays.
    if d.flag(0.1):
        a, ta = d.values(k), None
    else:
        ta = d.flag()
    if d.flag(0.1):
        b, tb = d.values(k), None
    else:
        tb = d.flag()
    left = as64(a).reshape(1, k) if ta is None else as64(a)
    right = as64(b).reshape(k, 1) if tb is None else as64(b)
    if ta:
        a, params['transposeA'] = a.swapaxes(-1, -2), True
    if tb:
        b, params['transposeB'] = b.swapaxes(-1, -2), True
    return Case('batchedMatmul', params, [a, b], left @ right, 1e-7,
                sum_slack(abs(left) @ abs(right), k))


def draw_table(d, params, names):
    size, out = d.integer(1, 9), d.integer(1, 6)
    params.update(zip(names, (size, out)))
    params['weights'], table = d.weights(d.values((out, size)), 0)
    return size, table, draw_bias(d, params, out)


@family('embedding', legacy=True)
def embedding(d):
    """[.., 1, 1, 1] -> [.., channels, 1, 1]; weights are [channels, inputDim]."""
    params = {}
    size, table, bias = draw_table(d, params, ('inputDim', 'outputChannels'))
    shape = d.shape(4, 5)[:-3] + (1, 1, 1)
    x = d.random.integers(0, size, shape)
    y = (as64(table).T[x[..., 0, 0, 0]] + bias)[..., None, None]
    return Case('embedding', params, [x], y, 1.5e-7, 1e-7 * np.max(abs(bias)))


@family('embeddingND')
def embedding_nd(d):
    params = {}
    size, table, bias = draw_table(d, params, ('vocabSize', 'embeddingSize'))
    x = d.random.integers(0, size, d.shape(2, 5)[:-1] + (1,))
    return Case('embeddingND', params, [x], as64(table).T[x[..., 0]] + bias, 1.5e-7,
                1e-7 * np.max(abs(bias)))
