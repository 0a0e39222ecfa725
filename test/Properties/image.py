# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Layers over the last two axes: borders, resizing, moving data from space to depth."""
import numpy as np

from core import Case, UNIT, as64, borders, family


def draw_borders(d, high):
    return [(d.integer(0, high[i]), d.integer(0, high[i])) for i in range(2)]


@family('padding', legacy=True)
def padding(d):
    x = d.blob(2, 5)
    how = d.pick(['constant', 'reflection', 'replication'])
    # A reflection needs a pixel behind the border for each of its own.
    pads = draw_borders(d, [n - 1 for n in x.shape[-2:]] if how == 'reflection'
                        else [3, 3])
    kind, params = {}, {'paddingAmounts': borders(pads)}
    every = [(0, 0)] * (x.ndim - 2) + pads
    if how == 'constant':
        value = d.real(-2, 2) if d.flag() else 0.0
        kind = {'value': value}
        y = np.pad(x, every, constant_values=np.float32(value))
    else:
        y = np.pad(x, every, mode={'reflection': 'reflect', 'replication': 'edge'}[how])
    return Case('padding', dict(params, **{how: kind}), [x], y)


@family('constantPad')
def constant_pad(d):
    """Amounts before and after each axis, or the sizes wanted."""
    x = d.blob()
    value = d.real(-2, 2)
    params, amounts, pads = {'value': value}, [], []
    to_size = d.flag(0.3)
    for n in x.shape:
        pair = [d.integer(0, 3) for _ in range(2)]
        if to_size:
            pair[d.integer(0, 1)] = 0
            amounts += [n + v if v else 0 for v in pair]
        else:
            amounts += pair
        pads.append(tuple(pair))
    params['padToGivenOutputSizeMode'] = to_size
    inputs = [x]
    if d.flag(0.2) and not to_size:
        inputs.append(d.late(amounts))
    else:
        params['padAmounts'] = amounts
    return Case('constantPad', params, inputs,
                np.pad(x, pads, constant_values=np.float32(value)))


@family('crop', legacy=True)
def crop(d):
    x = d.blob(3, 5, 6)
    h, w = x.shape[-2:]
    top, left = d.integer(0, h - 1), d.integer(0, w - 1)
    bottom, right = d.integer(top + 1, h), d.integer(left + 1, w)
    y = x[..., top:bottom, left:right]
    if d.flag():
        amounts = [(top, h - bottom), (left, w - right)]
        return Case('crop', {'cropAmounts': borders(amounts)}, [x], y)
    reference = d.values(x.shape[:-2] + y.shape[-2:])
    return Case('crop', {'offset': [top, left]}, [x, reference], y)


# ---------------------------------------------------------------- resizing

def interpolate(x, points, axis):
    """Values between pixels, linear; points lie in [0, size - 1]."""
    size = x.shape[axis]
    low = np.clip(np.floor(points).astype(int), 0, size - 1)
    high = np.minimum(low + 1, size - 1)
    part = np.reshape(points - low, (-1,) + (1,) * (-axis - 1))
    return np.take(x, low, axis) * (1 - part) + np.take(x, high, axis) * part


def resize(x, rows, columns):
    return interpolate(interpolate(as64(x), rows, -2), columns, -1)


def grid_slack(x):
    """Points are computed in float32: near a pixel's own place they move a little."""
    return 8 * UNIT * max(x.shape[-2:]) * 2 * np.max(abs(x)) + 8 * UNIT * np.max(abs(x))


def sampled(low, high, count, method):
    """Points of SamplingMode between low and high, both included."""
    size = high - low + 1
    if method == 'STRICT_ALIGN_ENDPOINTS_MODE':
        return np.linspace(low, high, count)
    if method == 'ALIGN_ENDPOINTS_MODE':
        return np.array([(low + high) / 2]) if count == 1 else \
            np.linspace(low, high, count)
    if method == 'UPSAMPLE_MODE':
        return np.minimum(high, np.linspace(low, low + size - size / count, count))
    spacing = max(1, size - 1) / count
    return np.minimum(high, low + (np.arange(count) + 0.5) * spacing)


METHODS = ('STRICT_ALIGN_ENDPOINTS_MODE', 'ALIGN_ENDPOINTS_MODE', 'UPSAMPLE_MODE',
           'ROI_ALIGN_MODE')


@family('resizeBilinear', legacy=True)
def resize_bilinear(d):
    x = d.blob(3, 5)
    target, method = [d.integer(1, 8), d.integer(1, 8)], d.pick(METHODS)
    rows, columns = (sampled(0, n - 1, t, method)
                     for n, t in zip(x.shape[-2:], target))
    return Case('resizeBilinear', {'targetSize': target,
                                   'mode': {'samplingMethod': method}}, [x],
                resize(x, rows, columns), 1e-6, grid_slack(x))


def upsampled_points(n, out, mode):
    i = np.arange(out)
    if mode == 'DEFAULT':
        spacing = (n - n / out) / (out - 1) if out > 1 else 0
        points = i * spacing
    elif mode == 'ALIGN_CORNERS_TRUE':
        points = i * ((n - 1) / (out - 1) if out > 1 else 0)
    else:
        points = i * (n / out) + 0.5 * (n / out) - 0.5
    return np.clip(points, 0, n - 1)


@family('upsample', legacy=True)
def upsample(d):
    x = d.blob(3, 5, 4)
    factors = [d.integer(1, 3) for _ in range(2)]
    params = {'scalingFactor': factors}
    if factors == [1, 1] and d.flag():
        params = {}
    if d.flag(0.4):
        return Case('upsample', dict(params, mode='NN'), [x],
                    x.repeat(factors[0], -2).repeat(factors[1], -1))
    mode = d.pick(['DEFAULT', 'ALIGN_CORNERS_TRUE', 'ALIGN_CORNERS_FALSE'])
    params.update(mode='BILINEAR', linearUpsampleMode=mode)
    rows, columns = (upsampled_points(n, n * f, mode)
                     for n, f in zip(x.shape[-2:], factors))
    return Case('upsample', params, [x], resize(x, rows, columns), 1e-6, grid_slack(x))


BOX_MODES = ('CORNERS_HEIGHT_FIRST', 'CORNERS_WIDTH_FIRST',
             'CENTER_SIZE_HEIGHT_FIRST', 'CENTER_SIZE_WIDTH_FIRST')


def box_as(top, left, bottom, right, mode):
    if mode.startswith('CORNERS'):
        pairs = [(top, left), (bottom, right)]
    else:
        pairs = [((top + bottom) / 2, (left + right) / 2), (bottom - top, right - left)]
    if mode.endswith('WIDTH_FIRST'):
        pairs = [(w, h) for h, w in pairs]
    return [v for pair in pairs for v in pair]


@family('cropResize', legacy=True)
def crop_resize(d):
    """Boxes of batch images, each resized; eighths are exact in float32."""
    batch, channels, h, w = (d.integer(1, 3), d.integer(1, 3), d.integer(2, 6),
                             d.integer(2, 6))
    x = d.values((1, batch, channels, h, w))
    count, with_id = d.integer(1, 3), d.flag()
    mode, method = d.pick(BOX_MODES), d.pick(METHODS)
    target = [d.integer(1, 4), d.integer(1, 4)]
    normalized = d.flag()
    scale = d.pick([1.0, 0.5])
    boxes, planes = [], []
    for _ in range(count):
        (top, bottom), (left, right) = (
            sorted(d.integer(0, 8 * (n - 1)) / 8 for _ in range(2)) for n in (h, w))
        image = d.integer(0, batch - 1)
        units = [(n - 1 if normalized else 1) * scale for n in (h, w)]
        box = box_as(top / units[0], left / units[1], bottom / units[0],
                     right / units[1], mode)
        boxes.append([image] * with_id + box)
        rows, columns = (sampled(a, b, t, method) for (a, b), t in
                         zip(((top, bottom), (left, right)), target))
        planes.append(resize(x[0, image:image + 1] if with_id else x[0], rows, columns))
    roi = np.asarray(boxes, np.float32).reshape(count, 1, -1, 1, 1)
    params = {'targetSize': target, 'normalizedCoordinates': normalized,
              'mode': {'samplingMethod': method}, 'boxIndicesMode': {'boxMode': mode},
              'spatialScale': scale}
    return Case('cropResize', params, [x, roi], np.stack(planes), 1e-6,
                4 * grid_slack(x))


# ---------------------------------------------------------------- depth and space

@family('reorganizeData', legacy=True)
def reorganize(d):
    mode = d.pick(['SPACE_TO_DEPTH', 'DEPTH_TO_SPACE'] +
                  ([] if d.legacy else ['PIXEL_SHUFFLE']))
    b = d.integer(2, 3)
    c, h, w = (d.integer(1, 3) for _ in range(3))
    lead = d.shape(3, 5)[:-3]
    deep, wide = (b * b * c, h, w), (c, h * b, w * b)
    # In depth the block comes before the channel, except in a pixel shuffle.
    if mode == 'SPACE_TO_DEPTH':
        x = d.values(lead + wide)
        y = x.reshape((-1, c, h, b, w, b)).transpose(0, 3, 5, 1, 2, 4)
        y = y.reshape(lead + deep)
    else:
        x = d.values(lead + deep)
        blocks = (c, b, b) if mode == 'PIXEL_SHUFFLE' else (b, b, c)
        order = (0, 1, 4, 2, 5, 3) if mode == 'PIXEL_SHUFFLE' else (0, 3, 4, 1, 5, 2)
        y = x.reshape((-1,) + blocks + (h, w)).transpose(order).reshape(lead + wide)
    return Case('reorganizeData', {'mode': mode, 'blockSize': b}, [x], y)
