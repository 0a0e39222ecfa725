# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a family of cases is made of: random draws, a layer, the expected values."""
import numpy as np

FAMILIES = {}
UNIT = 2.0 ** -24         # half an ulp of 1: the greatest error of one rounding
DENORMAL = 2.0 ** -133
LEAST = 2.0 ** -149       # the distance of denormal numbers: what rounding them costs


def family(*kinds, legacy=False, exact=True):
    """Registers a function (draw) -> Case that makes layers of these kinds.

    legacy: the layers also exist in networks whose blobs have rank 5, and are
    drawn there half of the time; exact=False: only there.
    """
    def register(function):
        modes = [False] * exact + [True] * legacy
        for kind in kinds:
            for mode in modes:
                FAMILIES[kind, mode] = function
        return function
    return register


class Constant:
    """An input that a loadConstantND layer gives instead of the caller."""

    def __init__(self, value):
        self.value = np.asarray(value, np.float32)


class Case:
    """One layer, its inputs, and what its outputs must be.

    An element may differ from the expected one by  relative * |expected| + slack;
    both are 0 where values are only moved or compared. A relative error is never
    held to less than two steps of the denormal numbers. slack is a number or an
    array as big as the output. A case that is fused lies between layers that double:
    it gets half of its inputs and gives twice its outputs, which rounds nothing.
    A case of several layers has a function (names of inputs, names of outputs,
    prefix for all other names) -> layers instead of parameters.
    """

    def __init__(self, kind, params, inputs, expected, relative=0, slack=0,
                 layers=None):
        self.kind, self.params, self.inputs = kind, params, inputs
        self.layers = layers
        many = isinstance(expected, list)
        self.expected = [np.asarray(e) for e in (expected if many else [expected])]
        # There is no rank 0: a scalar is one element.
        self.expected = [e.reshape(1) if e.ndim == 0 else e for e in self.expected]
        self.relative = relative
        self.fused = False
        self.slack = slack if many and isinstance(slack, list) \
            else [slack] * len(self.expected)

    def problem(self, index, actual, legacy):
        """What is wrong with an output, or None."""
        want, slack = self.expected[index], self.slack[index]
        shape = want.shape
        if legacy and shape[:2] == (1, 1):
            shape = shape[2:]
        if actual.shape != shape:
            return 'shape %s, expected %s' % (list(actual.shape), list(shape))
        actual, want = actual.reshape(-1).astype(np.float64), want.reshape(-1)
        if self.fused:
            actual = actual / 2
        want = want.astype(np.float64)
        with np.errstate(all='ignore'):
            bound = self.relative * np.abs(want) + np.reshape(
                slack if np.ndim(slack) == 0 else np.ravel(slack), -1)
            if self.relative:
                bound = np.maximum(bound, 2 * LEAST)
            same = (actual == want) | (np.isnan(actual) & np.isnan(want))
            # What float32 cannot hold becomes infinite, doubled if it is fused.
            stored = (want * (2 if self.fused else 1)).astype(np.float32)
            good = same | (np.abs(actual - want) <= bound) | (
                (np.abs(stored) == np.inf) & (actual == stored))
        if good.all():
            return None
        i = int(np.argmin(good))
        bound = np.broadcast_to(bound, want.shape)[i]
        where = [int(k) for k in np.unravel_index(i, shape)]
        return '%d of %d elements off; element %s is %.9g, expected %.9g +- %.3g' % (
            (~good).sum(), good.size, where, actual[i], want[i], bound)


class Draw:
    """Random choices for one case; the same for the same seed and number."""

    def __init__(self, seed, number):
        self.random = np.random.default_rng([seed, number])
        names = sorted(FAMILIES)
        self.kind, self.legacy = names[self.integer(0, len(names) - 1)]

    def case(self):
        case = FAMILIES[self.kind, self.legacy](self)
        case.fused = self.flag(0.3)
        return case

    def integer(self, low, high):
        return int(self.random.integers(low, high + 1))

    def flag(self, chance=0.5):
        return bool(self.random.random() < chance)

    def pick(self, options):
        return options[self.integer(0, len(options) - 1)]

    def real(self, low, high):
        """A float32 as a Python number."""
        return float(np.float32(self.random.uniform(low, high)))

    def shape(self, low=1, high=5, size=5):
        """A shape of random rank; in legacy networks [seq, batch, C, H, W]."""
        rank = 5 if self.legacy else self.integer(low, high)
        # Big blobs show nothing that small ones do not.
        size = min(size, {4: 4, 5: 3}.get(rank, size))
        return tuple(1 if self.flag(0.15) else self.integer(1, size)
                     for _ in range(rank))

    def values(self, shape, low=-3.0, high=3.0):
        return self.random.uniform(low, high, shape).astype(np.float32)

    def blob(self, low=1, high=5, size=5):
        return self.values(self.shape(low, high, size))

    def distinct(self, shape):
        """Values of which no two are equal, in random order."""
        count = int(np.prod(shape))
        return ((self.random.permutation(count) - count / 2) / 4).astype(
            np.float32).reshape(shape)

    def special(self, array, values=(np.nan, np.inf, -np.inf, -0.0, DENORMAL)):
        """The array, now and then with a special value somewhere."""
        if self.flag(0.2):
            array.reshape(-1)[self.integer(0, array.size - 1)] = self.pick(values)
        return array

    def late(self, value):
        """An input that is known when compiling or only when predicting."""
        value = Constant(value)
        return value if self.flag(0.8) else value.value

    def axis(self, rank):
        """An axis in both of its spellings: (as it is stored, from the front)."""
        axis = self.integer(0, rank - 1)
        return (axis - rank if self.flag() else axis), axis

    def weights(self, values, axis=None, packed=True):
        """(WeightParams, the values they stand for) in one of the encodings.

        axis: the one of the output channels, which may have a scale each.
        """
        values = np.asarray(values, np.float32)
        how = self.random.random()
        if how < 0.6 or (how >= 0.8 and not packed):
            return {'floatValue': values.reshape(-1)}, values
        if how < 0.8:
            half = values.astype('<f2')
            return {'float16Value': half.tobytes()}, half.astype(np.float32)
        bits = self.integer(1, 8)
        index = self.random.integers(0, 1 << bits, values.size)
        planes = (index[:, None] >> np.arange(bits - 1, -1, -1)) & 1
        message = {'rawValue': np.packbits(planes.astype(np.uint8)).tobytes()}
        if how < 0.9:
            table = self.values(1 << bits, -1, 1)
            kind = {'lookupTableQuantization': {'floatValue': table}}
            values = table[index].reshape(values.shape)
        else:
            count = values.shape[axis] if axis is not None and self.flag() else 1
            scale, bias = self.values(count, 0.01, 0.1), self.values(count, -1, 1)
            kind = {'linearQuantization': {'scale': scale, 'bias': bias}}
            if self.flag(0.2):
                kind['linearQuantization'].pop('bias')
                bias = np.zeros(count, np.float32)
            along = [1] * values.ndim
            along[axis or 0] = count
            q = index.reshape(values.shape).astype(np.float32)
            values = q * scale.reshape(along) + bias.reshape(along)
        message['quantization'] = dict(kind, numberOfBits=bits)
        return message, values

    def sparse_weights(self, keep, axis):
        """The same for weights that are 0 where `keep` is false."""
        how = self.pick(['float', 'half', 'table', 'linear'])
        values = np.where(keep, self.values(keep.shape, -1, 1), 0).astype(np.float32)
        if how == 'float':
            return {'floatValue': values.reshape(-1)}, values
        if how == 'half':
            half = values.astype('<f2')
            return {'float16Value': half.tobytes()}, half.astype(np.float32)
        bits = self.integer(1, 8)
        zero = self.integer(0, (1 << bits) - 1)
        index = np.where(keep, self.random.integers(0, 1 << bits, keep.shape), zero)
        planes = (index.reshape(-1, 1) >> np.arange(bits - 1, -1, -1)) & 1
        message = {'rawValue': np.packbits(planes.astype(np.uint8)).tobytes()}
        if how == 'table':
            table = self.values(1 << bits, -1, 1)
            table[zero] = 0
            values = table[index]
            kind = {'lookupTableQuantization': {'floatValue': table}}
        else:
            count = keep.shape[axis] if self.flag() else 1
            scale = self.values(count, 0.01, 0.1)
            bias = -scale * np.float32(zero)
            along = [1] * keep.ndim
            along[axis] = count
            values = (index.astype(np.float32) * scale.reshape(along) +
                      bias.reshape(along))
            kind = {'linearQuantization': {'scale': scale, 'bias': bias}}
        message['quantization'] = dict(kind, numberOfBits=bits)
        return message, values

    def subset(self, items, low=1):
        count = self.integer(low, len(items))
        return sorted(int(i) for i in
                      self.random.choice(items, count, replace=False))


def borders(pads):
    """[(start, end) of H, (start, end) of W] as a BorderAmounts message."""
    return {'borderAmounts': [{'startEdgeSize': a, 'endEdgeSize': b}
                              for a, b in pads]}


def sum_slack(magnitude, count):
    """What summing `count` products in any order may add: the classic bound."""
    return (count + 2) * UNIT * np.asarray(magnitude, np.float64)


def as64(*arrays):
    result = [np.asarray(a, np.float64) for a in arrays]
    return result[0] if len(result) == 1 else result
