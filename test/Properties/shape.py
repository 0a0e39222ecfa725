# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Layers that move values and change none."""
import numpy as np

from core import Case, family


def chunks(d, total, count):
    """`count` sizes, none of them 0, that add up to `total`."""
    cuts = sorted(d.random.choice(range(1, total), count - 1, replace=False))
    return [int(b - a) for a, b in zip([0] + cuts, cuts + [total])]


def another_shape(d, count, rank):
    """A shape of that rank for `count` elements."""
    shape = []
    for _ in range(rank - 1):
        size = d.pick([n for n in range(1, count + 1) if count % n == 0])
        shape.append(size)
        count //= size
    return shape + [count]


# ---------------------------------------------------------------- the old layers

def channel_last(x):
    """[S, B, C, H, W] -> one row per image with the channels innermost."""
    return x.transpose(0, 1, 3, 4, 2).reshape(x.shape[:2] + (-1,))


@family('flatten', legacy=True)
def flatten(d):
    x, last = d.blob(3, 5), d.flag()
    c, h, w = x.shape[-3:]
    lead = x.shape[:-3]
    rows = np.moveaxis(x, -3, -1) if last else x
    return Case('flatten', {'mode': 'CHANNEL_LAST' if last else 'CHANNEL_FIRST'}, [x],
                rows.reshape(lead + (c * h * w, 1, 1)))


@family('reshape', legacy=True)
def reshape(d):
    """To [C, H, W] per image, or to [Seq, C, H, W] which regroups the sequence."""
    seq = d.integer(1, 4)
    x = d.values((seq, 1, d.integer(1, 4), d.integer(1, 4), d.integer(1, 4)))
    last = d.flag()
    if d.flag():
        target = another_shape(d, x[0].size, 3)
        out = [seq, 1] + target
    else:
        target = another_shape(d, x.size, 4)
        out = target[:1] + [1] + target[1:]
    if last:
        c, h, w = out[2:]
        y = channel_last(x).reshape(out[:2] + [h, w, c]).transpose(0, 1, 4, 2, 3)
    else:
        y = x.reshape(out)
    mode = 'CHANNEL_LAST' if last else 'CHANNEL_FIRST'
    return Case('reshape', {'targetShape': target, 'mode': mode}, [x], y)


@family('permute', legacy=True)
def permute(d):
    """[Seq, C, H, W] permuted; the batch, axis 1 of 5, stays where it is."""
    x = d.values([d.integer(1, 4) for _ in range(5)])
    axes = [int(a) for a in d.random.permutation(4)]
    five = [a + 1 if a else 0 for a in axes]
    return Case('permute', {'axis': axes}, [x],
                x.transpose([five[0], 1] + five[1:]))


@family('concat', legacy=True)
def concat(d):
    sequence = d.flag(0.3)
    shape = list(d.shape(5 if sequence else 3, 5))
    axis = -5 if sequence else -3
    parts = []
    for _ in range(d.integer(2, 4)):
        shape[axis] = d.integer(1, 4)
        parts.append(d.values(shape))
    return Case('concat', {'sequenceConcat': sequence}, parts,
                np.concatenate(parts, axis))


@family('split', legacy=True)
def split(d):
    count = d.integer(2, 4)
    shape = d.shape(3, 5)
    x = d.values(shape[:-3] + (count * d.integer(1, 3),) + shape[-2:])
    return Case('split', {'nOutputs': count}, [x], np.split(x, count, -3))


@family('sequenceRepeat', legacy=True)
def sequence_repeat(d):
    """0 and nothing mean once."""
    x = d.values([d.integer(1, 3) for _ in range(5)])
    count = d.integer(0, 3)
    params = {'nRepetitions': count} if count or d.flag() else {}
    return Case('sequenceRepeat', params, [x],
                np.tile(x, (max(count, 1), 1, 1, 1, 1)))


@family('slice', legacy=True)
def slice_old(d):
    axis, name = d.pick([(-3, 'CHANNEL_AXIS'), (-2, 'HEIGHT_AXIS'), (-1, 'WIDTH_AXIS')])
    x = d.blob(-axis, 5, 7)
    size = x.shape[axis]
    start = d.integer(0, size - 1)
    end = d.integer(start + 1, size)
    step = d.integer(1, 3)
    y = np.take(x, range(start, end, step), axis)
    params = {'startIndex': start - size if start and d.flag(0.3) else start,
              'endIndex': end - size if end < size and d.flag(0.3) else end,
              'stride': step, 'axis': name}
    return Case('slice', params, [x], y)


# ---------------------------------------------------------------- any rank

@family('transpose')
def transpose(d):
    x = d.special(d.blob())
    axes = [int(a) for a in d.random.permutation(x.ndim)]
    return Case('transpose', {'axes': axes}, [x], x.transpose(axes))


@family('squeeze')
def squeeze(d):
    shape = [1 if d.flag(0.4) else n for n in d.shape()]
    ones = [a for a, n in enumerate(shape) if n == 1]
    if not ones:
        shape[0], ones = 1, [0]
    x = d.values(shape)
    if d.flag(0.2):
        return Case('squeeze', {'squeezeAll': True}, [x], np.squeeze(x))
    axes = d.subset(ones)
    return Case('squeeze', {'axes': [a - x.ndim if d.flag() else a for a in axes]},
                [x], np.squeeze(x, tuple(axes)))


@family('expandDims')
def expand_dims(d):
    x = d.blob(1, 4)
    rank = d.integer(x.ndim + 1, 5)
    axes = sorted(int(a) for a in d.random.choice(rank, rank - x.ndim, replace=False))
    stored = [a - rank for a in axes] if d.flag() else axes
    return Case('expandDims', {'axes': stored}, [x], np.expand_dims(x, axes))


@family('flattenTo2D')
def flatten_to_2d(d):
    x = d.blob()
    stored, axis = d.axis(x.ndim)
    rows = int(np.prod(x.shape[:axis]))
    return Case('flattenTo2D', {'axis': stored}, [x], x.reshape(rows, -1))


@family('reshapeStatic', 'reshapeLike', 'reshapeDynamic')
def reshape_nd(d):
    x = d.blob()
    target = another_shape(d, x.size, d.integer(1, 5))
    y = x.reshape(target)
    if d.kind == 'reshapeLike':
        return Case(d.kind, {}, [x, d.values(target)], y)
    if d.flag(0.3):
        target[d.integer(0, len(target) - 1)] = -1
    if d.kind == 'reshapeStatic':
        return Case(d.kind, {'targetShape': target}, [x], y)
    return Case(d.kind, {}, [x, d.late(target)], y)


@family('rankPreservingReshape')
def reshape_same_rank(d):
    """0 keeps a size, -1 is what is left."""
    x = d.blob()
    target = another_shape(d, x.size, x.ndim)
    y = x.reshape(target)
    stored = [0 if n == old and d.flag() else n for n, old in zip(target, x.shape)]
    if d.flag():
        stored[d.integer(0, x.ndim - 1)] = -1
    return Case('rankPreservingReshape', {'targetShape': stored}, [x], y)


@family('concatND')
def concat_nd(d):
    shape = list(d.shape())
    stored, axis = d.axis(len(shape))
    count, interleave = d.integer(2, 4), d.flag(0.3)
    parts = []
    for _ in range(count):
        if not interleave:
            shape[axis] = d.integer(1, 4)
        parts.append(d.values(shape))
    y = np.concatenate(parts, axis)
    if interleave:
        shape[axis] *= count
        y = np.stack(parts, axis + 1).reshape(shape)
    return Case('concatND', {'axis': stored, 'interleave': interleave}, parts, y)


@family('splitND')
def split_nd(d):
    """Without sizes the first parts take what does not divide."""
    shape = list(d.shape())
    stored, axis = d.axis(len(shape))
    count = d.integer(2, 4)
    shape[axis] = d.integer(count, 9)
    x = d.values(shape)
    if d.flag():
        return Case('splitND', {'axis': stored, 'numSplits': count}, [x],
                    np.array_split(x, count, axis))
    sizes = chunks(d, shape[axis], count)
    params = {'axis': stored, 'splitSizes': sizes}
    if d.flag():
        params['numSplits'] = 7     # ignored
    return Case('splitND', params, [x], np.split(x, np.cumsum(sizes)[:-1], axis))


@family('stack')
def stack(d):
    shape = d.shape(1, 4)
    parts = [d.values(shape) for _ in range(d.integer(2, 4))]
    stored, axis = d.axis(len(shape) + 1)
    return Case('stack', {'axis': stored}, parts, np.stack(parts, axis))


@family('tile')
def tile(d):
    x = d.blob(size=3)
    reps = [d.integer(1, 3) for _ in range(d.integer(1, x.ndim))]
    y = np.tile(x, reps)
    if d.flag(0.3):
        reps = [1] * (x.ndim - len(reps)) + reps
        return Case('tile', {}, [x, d.late(reps)], y)
    return Case('tile', {'reps': reps}, [x], y)


@family('broadcastToStatic', 'broadcastToLike', 'broadcastToDynamic')
def broadcast_to(d):
    shape = d.shape()
    part = shape[d.integer(0, len(shape) - 1):]
    x = d.values([1 if d.flag(0.3) else n for n in part])
    y = np.broadcast_to(x, shape)
    if d.kind == 'broadcastToStatic':
        return Case(d.kind, {'targetShape': shape}, [x], y)
    return Case(d.kind, {}, [x, d.values(shape) if d.kind == 'broadcastToLike'
                             else d.late(shape)], y)


@family('reverse')
def reverse(d):
    x = d.blob()
    flags = [d.flag() for _ in range(x.ndim)]
    return Case('reverse', {'reverseDim': flags}, [x],
                np.flip(x, [a for a, f in enumerate(flags) if f]))


@family('reverseSeq')
def reverse_sequence(d):
    x = d.blob(2, 5)
    batch, axis = sorted(int(a) for a in d.random.choice(x.ndim, 2, replace=False))
    lengths = d.random.integers(0, x.shape[axis] + 1, x.shape[batch])
    y = x.copy()
    for i, n in enumerate(lengths):
        row = [slice(None)] * x.ndim
        row[batch], row[axis] = i, slice(0, n)
        at = axis - 1      # the batch axis comes before and is indexed away
        y[tuple(row)] = np.flip(x[tuple(row)], at)
    sign = lambda a: a - x.ndim if d.flag(0.3) else a
    return Case('reverseSeq', {'batchAxis': sign(batch), 'sequenceAxis': sign(axis)},
                [x, lengths], y)


@family('getShape')
def get_shape(d):
    x = d.blob()
    return Case('getShape', {}, [x], np.array(x.shape))


@family('slidingWindows')
def sliding_windows(d):
    x = d.blob(1, 4, 7)
    stored, axis = d.axis(x.ndim)
    size, step = d.integer(1, x.shape[axis]), d.integer(1, 3)
    starts = range(0, x.shape[axis] - size + 1, step)
    y = np.stack([np.take(x, range(s, s + size), axis) for s in starts], axis)
    return Case('slidingWindows', {'axis': stored, 'windowSize': size, 'step': step},
                [x], y)


# ---------------------------------------------------------------- slices

def draw_slice(d, size):
    """(begin, end, stride, begin ignored, end ignored, squeezed), not empty."""
    first = d.integer(0, size - 1)
    if d.flag(0.15):
        return first, first + 1, 1, False, False, True
    if d.flag(0.3):         # backwards
        last = d.integer(0, first)
        begin, end, stride = first, last - 1, -d.integer(1, 3)
        masks = d.flag(0.2), last == 0 or d.flag(0.2)
    else:
        last = d.integer(first, size - 1)
        begin, end, stride = first, last + 1, d.integer(1, 3)
        masks = d.flag(0.2), d.flag(0.2)
    spelled = lambda i: i - size if i < size and d.flag(0.3) else i
    return (spelled(begin), spelled(end) if end >= 0 else 0, stride) + masks + (False,)


def slice_of(size, begin, end, stride, no_begin, no_end, squeezed):
    if squeezed:
        return begin
    return slice(None if no_begin else begin, None if no_end else end, stride)


FIELDS = ('beginIds', 'endIds', 'strides', 'beginMasks', 'endMasks', 'squeezeMasks')


@family('sliceStatic', 'sliceDynamic')
def slice_nd(d):
    x = d.blob(size=7)
    drawn = [draw_slice(d, n) for n in x.shape]
    y = x[tuple(slice_of(n, *s) for n, s in zip(x.shape, drawn))]
    columns = dict(zip(FIELDS, map(list, zip(*drawn))))
    if d.kind == 'sliceStatic':
        return Case(d.kind, columns, [x], y)
    inputs = [x]
    for name in FIELDS[:d.integer(1, 6)]:
        inputs.append(d.late(columns.pop(name)))
    return Case(d.kind, columns, inputs, y)


@family('sliceBySize')
def slice_by_size(d):
    """The position is known only at run time."""
    x = d.blob(size=7)
    stored, axis = d.axis(x.ndim)
    size = d.integer(1, x.shape[axis])
    begin = d.integer(0, x.shape[axis] - size)
    return Case('sliceBySize', {'size': size, 'axis': stored}, [x, [begin]],
                np.take(x, range(begin, begin + size), axis))
