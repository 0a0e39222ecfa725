# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks, sorting, selection."""
import numpy as np

from core import Case, as64, family


def bands(shape):
    """row - column of the last two axes."""
    return np.arange(shape[-2])[:, None] - np.arange(shape[-1])


@family('matrixBandPart')
def band_part(d):
    x = d.blob(2, 5)
    low, high = d.integer(-1, 3), d.integer(-1, 3)
    below = bands(x.shape)
    keep = ((low < 0) | (below <= low)) & ((high < 0) | (-below <= high))
    return Case('matrixBandPart', {'numLower': low, 'numUpper': high}, [x],
                np.where(keep, x, 0))


@family('lowerTriangular', 'upperTriangular')
def triangular(d):
    x, k = d.blob(2, 5), d.integer(-3, 3)
    y = np.tril(x, k) if d.kind == 'lowerTriangular' else np.triu(x, k)
    return Case(d.kind, {'k': k}, [x], y)


@family('topK')
def top_k(d):
    x = d.distinct(d.shape())
    stored, axis = d.axis(x.ndim)
    k, bottom = d.integer(1, x.shape[axis]), d.flag()
    order = np.argsort(x if bottom else -x, axis).take(range(k), axis)
    params, inputs = {'axis': stored, 'useBottomK': bottom}, [x]
    if d.flag(0.2):
        inputs.append(d.late([k]))
    else:
        params['K'] = k
    return Case('topK', params, inputs, [np.take_along_axis(x, order, axis), order])


@family('whereNonZero')
def where_non_zero(d):
    """One row of indices per element that is not zero."""
    x = np.maximum(np.rint(d.blob()), 0)
    x.reshape(-1)[d.integer(0, x.size - 1)] = 1
    return Case('whereNonZero', {}, [x], np.argwhere(x))


@family('argSort')
def arg_sort(d):
    x = d.distinct(d.shape())
    axis, descending = d.integer(0, x.ndim - 1), d.flag()
    return Case('argSort', {'axis': axis, 'descending': descending}, [x],
                np.argsort(-x if descending else x, axis))


# ---------------------------------------------------------------- boxes

def overlap(a, b):
    """Intersection over union of two boxes (x, y of the middle, width, height)."""
    sides = [min(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) -
             max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2) for i in range(2)]
    common = max(sides[0], 0) * max(sides[1], 0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def suppress(boxes, scores, iou, least, most, per_class):
    """Indices of the surviving boxes of one image, best first."""
    best, classes = scores.max(1), scores.argmax(1)
    order = [i for i in np.argsort(-best) if best[i] > least]
    kept = []
    for i in order:
        rivals = [k for k in kept if not per_class or classes[k] == classes[i]]
        if all(overlap(boxes[i], boxes[k]) <= iou for k in rivals):
            kept.append(i)
    return kept[:most] or [int(np.argmax(best))]


@family('NonMaximumSuppression')
def non_maximum_suppression(d):
    """Whole-numbered boxes; the threshold lies between what quotients they can have."""
    batch, count, classes = d.integer(1, 2), d.integer(1, 8), d.integer(1, 3)
    boxes = np.concatenate([d.random.integers(0, 6, (batch, count, 2)),
                            d.random.integers(1, 6, (batch, count, 2))], -1)
    scores = d.distinct((batch, count, classes)) / 4
    iou, least = d.real(0.1, 0.9), d.real(-1, 1) / 3
    most, per_class = d.integer(1, 6), d.flag()
    outputs = [np.zeros((batch, most, 4)), np.zeros((batch, most, classes)),
               np.full((batch, most), -1), np.zeros(batch)]
    for b in range(batch):
        kept = suppress(as64(boxes[b]), scores[b], iou, least, most, per_class)
        outputs[0][b, :len(kept)], outputs[1][b, :len(kept)] = boxes[b][kept], \
            scores[b][kept]
        outputs[2][b, :len(kept)], outputs[3][b] = kept, len(kept)
    return Case('NonMaximumSuppression', {
        'iouThreshold': iou, 'scoreThreshold': least, 'maxBoxes': most,
        'perClassSuppression': per_class}, [boxes, scores], outputs)
