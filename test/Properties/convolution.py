# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolution, deconvolution and pooling over two and three spatial dimensions."""
import itertools

import numpy as np

from core import Case, as64, borders, family, sum_slack

# ---------------------------------------------------------------- evaluators


def pad_spatial(x, pads, value=0.0):
    return np.pad(x, [(0, 0)] * (x.ndim - len(pads)) + list(pads),
                  constant_values=value)


def windows(x, offset, counts, strides, dilation=None):
    """The elements that kernel position `offset` meets, for all output positions."""
    dilation = dilation or [1] * len(offset)
    index = [slice(None)] * (x.ndim - len(offset))
    for k, n, s, r in zip(offset, counts, strides, dilation):
        index.append(slice(k * r, k * r + (n - 1) * s + 1, s))
    return x[tuple(index)]


def convolve(x, w, strides, dilation, pads, groups):
    """x [N, C, spatial], w [O, C / groups, kernel]."""
    kernel = w.shape[2:]
    x = pad_spatial(x, pads)
    counts = [(n - (k - 1) * r - 1) // s + 1
              for n, k, r, s in zip(x.shape[2:], kernel, dilation, strides)]
    o, c = w.shape[0] // groups, w.shape[1]
    y = np.zeros((x.shape[0], w.shape[0]) + tuple(counts))
    for offset in itertools.product(*map(range, kernel)):
        part = windows(x, offset, counts, strides, dilation)
        for g in range(groups):
            tap = w[(slice(g * o, (g + 1) * o), slice(None)) + offset]
            y[:, g * o:(g + 1) * o] += np.einsum(
                'oc,nc...->no...', tap, part[:, g * c:(g + 1) * c])
    return y


def deconvolve(x, w, strides, crops, sizes, groups):
    """x [N, C, spatial], w [C, O / groups, kernel]; keeps `sizes` after `crops`."""
    kernel = w.shape[2:]
    full = [(n - 1) * s + k for n, s, k in zip(x.shape[2:], strides, kernel)]
    c, o = w.shape[0] // groups, w.shape[1]
    y = np.zeros((x.shape[0], o * groups) + tuple(full))
    for offset in itertools.product(*map(range, kernel)):
        target = windows(y, offset, x.shape[2:], strides)
        for g in range(groups):
            tap = w[(slice(g * c, (g + 1) * c), slice(None)) + offset]
            target[:, g * o:(g + 1) * o] += np.einsum(
                'co,nc...->no...', tap, x[:, g * c:(g + 1) * c])
    index = tuple(slice(a, a + n) for a, n in zip(crops, sizes))
    return y[(slice(None), slice(None)) + index]


def same_pads(sizes, extents, strides, top_heavy=False):
    """(before, after) of padding `same`; extents are those of dilated kernels."""
    pads = []
    for n, k, s in zip(sizes, extents, strides):
        total = max(0, ((n + s - 1) // s - 1) * s + k - n)
        small, big = total // 2, total - total // 2
        pads.append((big, small) if top_heavy else (small, big))
    return pads


# ---------------------------------------------------------------- 2-D layers

def flat_batch(x, spatial):
    """All dimensions before the channels are one batch."""
    return x.reshape((-1,) + x.shape[x.ndim - spatial - 1:])


def draw_window(d, x, dilated=True):
    """(kernel, strides, dilation, pads, fields of the message) that fit x."""
    sizes = x.shape[-2:]
    kernel = [d.integer(1, 3) for _ in sizes]
    strides = [d.integer(1, 3) for _ in sizes]
    dilation = [d.integer(1, 2) if dilated and d.flag(0.4) else 1 for _ in sizes]
    extents = [(k - 1) * r + 1 for k, r in zip(kernel, dilation)]
    fields = {'kernelSize': kernel, 'stride': strides}
    if strides == [1, 1] and d.flag():
        del fields['stride']        # it is the default
    if kernel == [3, 3] and d.flag():
        del fields['kernelSize']
    if dilated and dilation != [1, 1]:
        fields['dilationFactor'] = dilation
    if d.flag(0.4):
        top = d.flag()
        pads = same_pads(sizes, extents, strides, top)
        fields['same'] = {'asymmetryMode': 'TOP_LEFT_HEAVY'} if top else {}
    else:
        pads = [(d.integer(0, e - 1), d.integer(0, e - 1)) for e in extents]
        pads = [p if n + sum(p) >= e else (e - 1, e - 1)
                for p, n, e in zip(pads, sizes, extents)]
        fields['valid'] = {'paddingAmounts': borders(pads)}
        if not any(map(sum, pads)) and d.flag():
            fields['valid'] = {}
    return kernel, strides, dilation, pads, fields


@family('convolution', legacy=True)
def convolution(d):
    if d.flag(0.35):
        return deconvolution(d)
    if d.flag(0.15):
        return sparse_convolution(d)
    if d.flag(0.15):
        return wide_convolution(d)
    groups = d.pick([1, 1, 2, 3])
    x = d.blob(4, 5)
    c, o = groups * d.integer(1, 3), groups * d.integer(1, 3)
    x = d.values(x.shape[:-3] + (c,) + x.shape[-2:])
    kernel, strides, dilation, pads, params = draw_window(d, x)
    shape = (o, c // groups) + tuple(kernel)
    w, bias = d.values(shape, -1, 1), np.zeros(o)
    params.update(outputChannels=o, kernelChannels=c // groups)
    if groups > 1 or d.flag():
        params['nGroups'] = groups
    inputs = [x]
    if not d.legacy and d.flag(0.2):
        inputs.append(w)            # weights that arrive at run time
        params.setdefault('kernelSize', kernel)
    else:
        params['weights'], w = d.weights(w, 0)
        if d.flag():
            message, bias = d.weights(d.values(o), packed=False)
            params.update(hasBias=True, bias=message)
    return summed_case('convolution', params, inputs, bias, lambda x, w: convolve(
        x, w, strides, dilation, pads, groups), flat_batch(x, 2), w)


def draw_kept(d, shape):
    """Which weights [outputs, inputs, kernel] are not zero."""
    draw = d.random.random(shape)
    pattern = d.pick(['any', 'any', 'n of m', 'runs', 'rows', 'nothing'])
    if pattern == 'n of m':                 # the greatest of 4 inputs
        groups = np.arange(shape[1]) // 4
        return np.stack([draw[:, i] == draw[:, groups == g].max(1)
                         for i, g in enumerate(groups)], 1)
    if pattern == 'runs':                   # of outputs
        draw = np.repeat(draw[::4], 4, 0)[:shape[0]]
    if pattern == 'rows':
        draw[d.random.random(shape[0]) < 0.5] = 0
    return draw > (1 if pattern == 'nothing' else d.pick([0.5, 0.75, 0.9, 0.95]))


def sparse_convolution(d):
    """Large enough that leaving out zeros is worth it."""
    groups = d.pick([1, 1, 2])
    c, o = groups * d.integer(6, 24), groups * d.integer(4, 16)
    x = d.values((1, 1, c, d.integer(3, 16), d.integer(3, 24)))
    kernel, strides, dilation, pads, params = draw_window(d, x)
    params['weights'], w = d.sparse_weights(
        draw_kept(d, (o, c // groups) + tuple(kernel)), 0)
    message, bias = d.weights(d.values(o), packed=False)
    params.update(outputChannels=o, kernelChannels=c // groups, nGroups=groups,
                  hasBias=True, bias=message)
    return summed_case('convolution', params, [x], bias, lambda x, w: convolve(
        x, w, strides, dilation, pads, groups), flat_batch(x, 2), w)


def wide_convolution(d):
    """Large enough that Winograd's F(4, 3) is worth it.

    Six columns of the image are transformed together, so an error is relative to
    all of them, and at most six times what rounding a sum of their products costs.
    """
    c, o = d.integer(12, 48), 8 * d.integer(2, 8)
    x = d.values((1, 1, c, d.integer(4, 20), d.integer(6, 40)))
    kernel = [d.integer(2, 3), 3]
    pads = [(d.integer(0, k - 1), d.integer(0, k - 1)) for k in kernel]
    weights, w = d.weights(d.values((o, c) + tuple(kernel), -1, 1), 0)
    message, bias = d.weights(d.values(o), packed=False)
    params = {'kernelSize': kernel, 'outputChannels': o, 'kernelChannels': c,
              'valid': {'paddingAmounts': borders(pads)}, 'weights': weights,
              'hasBias': True, 'bias': message}

    def sums(x, w):
        return convolve(x, w, [1, 1], [1, 1], pads, 1)

    case = summed_case('convolution', params, [x], bias, sums, flat_batch(x, 2), w)
    near = pad_spatial(abs(as64(flat_batch(x, 2))), pads)
    near = sum(pad_spatial(near, [(0, 0), (3, 5)])[..., i:i + near.shape[-1]]
               for i in range(9))[..., :-2]
    size = 6 * convolve(near, abs(as64(w)).sum(-1, keepdims=True), [1, 1], [1, 1],
                        [(0, 0), (0, 0)], 1) + abs(bias).reshape(-1, 1, 1)
    slack = sum_slack(size, w[0].size).reshape(case.expected[0].shape)
    return Case('convolution', params, [x], case.expected[0], 1e-7, slack)


def deconvolution(d):
    """Strides spread the input; padding is what is cropped from the result."""
    groups = d.pick([1, 1, 2])
    c, o = groups * d.integer(1, 2), groups * d.integer(1, 2)
    x = d.values(d.shape(4, 5, 4)[:-3] + (c, d.integer(1, 4), d.integer(1, 4)))
    sizes = x.shape[-2:]
    strides = [d.integer(1, 2) for _ in sizes]
    kernel = [d.integer(s, 3) for s in strides]
    full = [(n - 1) * s + k for n, s, k in zip(sizes, strides, kernel)]
    params = {'isDeconvolution': True, 'kernelSize': kernel, 'stride': strides,
              'outputChannels': o, 'kernelChannels': c, 'nGroups': groups}
    if d.flag(0.3):
        top = d.flag()
        kept = [n * s for n, s in zip(sizes, strides)]
        crops = [(f - n + top) // 2 for f, n in zip(full, kept)]
        params['same'] = {'asymmetryMode': 'TOP_LEFT_HEAVY'} if top else {}
    else:
        pads = [(d.integer(0, min(2, (f - 1) // 2)), d.integer(0, min(2, (f - 1) // 2)))
                for f in full]
        kept, crops = [f - sum(p) for f, p in zip(full, pads)], [p[0] for p in pads]
        params['valid'] = {'paddingAmounts': borders(pads)}
    w = d.values((c, o // groups) + tuple(kernel), -1, 1)
    params['weights'], w = d.weights(w, 1)
    bias = np.zeros(o)
    if d.flag():
        message, bias = d.weights(d.values(o), packed=False)
        params.update(hasBias=True, bias=message)
    return summed_case('convolution', params, [x], bias, lambda x, w: deconvolve(
        x, w, strides, crops, kept, groups), flat_batch(x, 2), w)


def summed_case(kind, params, inputs, bias, sums, x, w):
    """A case of products summed over channels and kernel, with a bias per channel."""
    bias = as64(bias).reshape((-1,) + (1,) * (x.ndim - 2))
    y = sums(*as64(x, w)) + bias
    size = sums(*as64(abs(x), abs(w))) + abs(bias)
    shape = inputs[0].shape[:inputs[0].ndim - x.ndim + 1] + y.shape[1:]
    return Case(kind, params, inputs, y.reshape(shape), 1e-7,
                sum_slack(size, w.size // min(w.shape[:2])).reshape(shape))


# ---------------------------------------------------------------- 3-D layers

AXES = ('Depth', 'Height', 'Width')
SIDES = (('Front', 'Back'), ('Top', 'Bottom'), ('Left', 'Right'))


def deconvolution3d(d):
    """Weights are [C, O / groups, kernel], as of the layer for two dimensions."""
    groups = d.pick([1, 1, 2])
    c, o = groups * d.integer(1, 2), groups * d.integer(1, 2)
    sizes = [d.integer(1, 3) for _ in range(3)]
    x = d.values([d.integer(1, 2), c] + sizes)
    strides = [d.integer(1, 2) for _ in sizes]
    kernel = [d.integer(s, 3) for s in strides]
    full = [(n - 1) * s + k for n, s, k in zip(sizes, strides, kernel)]
    how = d.pick(['CUSTOM', 'VALID', 'SAME'])
    params = {'isDeconvolution': True, 'outputChannels': o, 'inputChannels': c,
              'nGroups': groups, 'paddingType': how}
    for axis, k, s in zip(AXES, kernel, strides):
        params['kernel' + axis], params['stride' + axis] = k, s
        params['dilation' + axis] = 1
    kept, crops = full, [0] * 3
    if how == 'SAME':
        kept = [n * s for n, s in zip(sizes, strides)]
        crops = [(f - n) // 2 for f, n in zip(full, kept)]
    elif how == 'CUSTOM':
        pads = [(d.integer(0, min(1, (f - 1) // 2)), d.integer(0, min(1, (f - 1) // 2)))
                for f in full]
        kept, crops = [f - sum(p) for f, p in zip(full, pads)], [p[0] for p in pads]
        for names, pad in zip(SIDES, pads):
            params.update({'customPadding' + n: p for n, p in zip(names, pad)})
    params['weights'], w = d.weights(d.values([c, o // groups] + kernel, -1, 1), 1)
    sums = lambda x, w: deconvolve(x, w, strides, crops, kept, groups)
    return summed_case('convolution3d', params, [x], np.zeros(o), sums, x, w)


def draw_window_3d(d, sizes, dilated):
    kernel = [d.integer(1, min(3, n + 1)) for n in sizes]
    strides = [d.integer(1, 2) for _ in sizes]
    dilation = [d.integer(1, 2) if dilated and d.flag(0.3) else 1 for _ in sizes]
    extents = [(k - 1) * r + 1 for k, r in zip(kernel, dilation)]
    fields = {}
    for axis, k, s, r in zip(AXES, kernel, strides, dilation):
        fields['kernel' + axis], fields['stride' + axis] = k, s
        if dilated:
            fields['dilation' + axis] = r
    how = d.pick(['CUSTOM', 'VALID', 'SAME'])
    if how == 'VALID' and any(e > n for e, n in zip(extents, sizes)):
        how = 'CUSTOM'
    fields['paddingType'] = how
    pads = [(0, 0)] * 3
    if how == 'SAME':
        pads = same_pads(sizes, extents, strides)
    elif how == 'CUSTOM':
        pads = [(d.integer(0, e - 1), d.integer(0, e - 1)) for e in extents]
        pads = [p if n + sum(p) >= e else (e - 1, e - 1)
                for p, n, e in zip(pads, sizes, extents)]
        for names, pad in zip(SIDES, pads):
            fields.update({'customPadding' + n: p for n, p in zip(names, pad)})
    return kernel, strides, dilation, pads, fields


@family('convolution3d')
def convolution3d(d):
    if d.flag(0.3):
        return deconvolution3d(d)
    groups = d.pick([1, 1, 2])
    c, o = groups * d.integer(1, 2), groups * d.integer(1, 2)
    sizes = [d.integer(1, 4) for _ in range(3)]
    x = d.values([d.integer(1, 2), c] + sizes)
    kernel, strides, dilation, pads, params = draw_window_3d(d, sizes, True)
    params.update(outputChannels=o, inputChannels=c, nGroups=groups)
    w = d.values([o, c // groups] + kernel, -1, 1)
    params['weights'], w = d.weights(w, 0)
    bias = np.zeros(o)
    if d.flag():
        message, bias = d.weights(d.values(o), packed=False)
        params.update(hasBias=True, bias=message)
    return summed_case('convolution3d', params, [x], bias, lambda x, w: convolve(
        x, w, strides, dilation, pads, groups), x, w)


# ---------------------------------------------------------------- pooling

def pool(x, how, kernel, strides, pads, exclude):
    """Maximum, average or Euclidean length of every window; x is float64."""
    spatial = len(kernel)
    counts = [(n + sum(p) - k) // s + 1 for n, k, s, p in
              zip(x.shape[-spatial:], kernel, strides, pads)]
    lowest = -np.inf if how == 'MAX' else 0.0
    padded = pad_spatial(x, pads, lowest)
    inside = pad_spatial(np.ones_like(x), pads)
    parts = [windows(padded, k, counts, strides)
             for k in itertools.product(*map(range, kernel))]
    if how == 'MAX':
        return np.maximum.reduce(parts)
    if how == 'L2':
        return np.sqrt(sum(p * p for p in parts))
    taken = sum(windows(inside, k, counts, strides)
                for k in itertools.product(*map(range, kernel)))
    return sum(parts) / (taken if exclude else np.prod(kernel))


def pool_case(kind, params, x, how, *window):
    y = pool(as64(x), how, *window)
    if how == 'MAX':
        return Case(kind, params, [x], y)
    size = pool(abs(as64(x)), how, *window)
    return Case(kind, params, [x], y, 2e-7, sum_slack(size, np.prod(window[0])))


@family('pooling', legacy=True)
def pooling(d):
    x = d.blob(4, 5, 6)
    how = d.pick(['MAX', 'AVERAGE', 'L2'])
    exclude = d.flag()
    if d.flag(0.15):
        params = {'type': how, 'globalPooling': True, 'valid': {}}
        return pool_case('pooling', params, x, how, list(x.shape[-2:]), [1, 1],
                         [(0, 0)] * 2, exclude)
    kernel, strides, _, pads, params = draw_window(d, x, False)
    if d.flag(0.25):
        pads = complete_pads(d, x.shape[-2:], kernel, strides, params)
        # Which padding counts beyond the last pixel is not documented.
        exclude = exclude or any(a != b for a, b in pads)
    params.update(type=how, avgPoolExcludePadding=exclude)
    return pool_case('pooling', params, x, how, kernel, strides, pads, exclude)


def complete_pads(d, sizes, kernel, strides, params):
    """includeLastPixel: as much on both sides, and what the last window needs."""
    params.pop('same', None)
    params.pop('valid', None)
    amounts, pads = [], []
    for n, k in zip(sizes, kernel):
        amount = d.integer(0, (k - 1) // 2)
        amounts.append(amount if n + 2 * amount >= k else k - 1)
    if not any(amounts):
        # Else a window could lie outside altogether.
        strides[:] = [min(s, k) for s, k in zip(strides, kernel)]
    for n, k, s, amount in zip(sizes, kernel, strides, amounts):
        count = -((n + 2 * amount - k) // -s) + 1
        if amounts[0] > 0 or amounts[1] > 0:
            if (count - 1) * s >= n + amount:
                count -= 1
        pads.append((amount, max(0, (count - 1) * s + k - n - amount)))
    params['includeLastPixel'] = {'paddingAmounts': amounts} if any(amounts) else {}
    return pads


@family('pooling3d')
def pooling3d(d):
    sizes = [d.integer(1, 4) for _ in range(3)]
    x = d.values([d.integer(1, 2), d.integer(1, 2)] + sizes)
    how, exclude = d.pick(['MAX', 'AVERAGE']), d.flag()
    kernel, strides, _, pads, params = draw_window_3d(d, sizes, False)
    params.update(type=how, countExcludePadding=exclude)
    return pool_case('pooling3d', params, x, how, kernel, strides, pads, exclude)


@family('globalPooling3d')
def global_pooling3d(d):
    x = d.values([d.integer(1, 4) for _ in range(5)])
    how = d.pick(['MAX', 'AVERAGE'])
    return pool_case('globalPooling3d', {'type': how}, x, how, list(x.shape[2:]),
                     [1] * 3, [(0, 0)] * 3, False)
