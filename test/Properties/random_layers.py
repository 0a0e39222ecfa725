#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Statistics of random layers.

    random_layers.py --tool build/bin/mlmodel

Each layer draws many values in one network. Their distribution, moments and
correlations must be those of the definition: within 5 standard deviations, and for
the distribution within the distance that one sample in a million exceeds
(Kolmogorov and Smirnov). Seeds are fixed, so the outcome is too.
"""
import argparse
import math
import os
import shutil
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print('skipped: no numpy')
    sys.exit(77)

import network
import schema

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPE = (250, 400)
COUNT = SHAPE[0] * SHAPE[1]
ERF = np.vectorize(math.erf, otypes=[np.float64])
# P(D > KS / sqrt(n)) is 2 exp(-2 KS^2) = 1e-6.
KS = math.sqrt(math.log(2e6) / 2)


class Failures:
    def __init__(self):
        self.checks, self.failed = 0, 0

    def check(self, holds, what, *values):
        self.checks += 1
        if not holds:
            self.failed += 1
            print(what % values)


class Continuous:
    """A distribution with its mean, variance, kurtosis and distribution function."""

    def __init__(self, mean, variance, kurtosis, cdf, low, high):
        self.mean, self.variance, self.kurtosis = mean, variance, kurtosis
        self.cdf, self.low, self.high = cdf, low, high


def normal(mean, deviation):
    return Continuous(mean, deviation ** 2, 3, lambda x: 0.5 * (
        1 + ERF((x - mean) / (deviation * math.sqrt(2)))), -np.inf, np.inf)


def uniform(low, high):
    return Continuous((low + high) / 2, (high - low) ** 2 / 12, 1.8,
                      lambda x: (x - low) / (high - low), low, high)


def check_distance(f, name, x, cdf):
    """The greatest distance of the sample's distribution function from cdf."""
    expected = cdf(np.sort(x))
    steps = np.arange(x.size + 1) / x.size
    distance = max(abs(expected - steps[:-1]).max(), abs(expected - steps[1:]).max())
    f.check(distance < KS / math.sqrt(x.size), '%s: distance %.5f of %d values', name,
            distance, x.size)


def check_independence(f, name, x):
    """Neighbours, in rows and columns, must not be correlated."""
    z = (x - x.mean()) / x.std()
    for what, a, b in (('rows', z[1:], z[:-1]), ('columns', z[:, 1:], z[:, :-1]),
                       ('squares', z[:, 1:] ** 2 - 1, z[:, :-1] ** 2 - 1)):
        spread = max((b ** 2).mean(), 1e-9)
        r = (a * b).mean() / spread
        f.check(abs(r) < 5 / math.sqrt(a.size), '%s: neighbours in %s correlate by %.5f',
                name, what, r)


def check_continuous(f, name, x, d):
    x = x.astype(np.float64)
    n = x.size
    f.check(d.low <= x.min() and x.max() <= d.high, '%s: %g to %g', name, x.min(), x.max())
    error = (x.mean() - d.mean) / math.sqrt(d.variance / n)
    f.check(abs(error) < 5, '%s: the mean %g is off by %.1f deviations', name, x.mean(),
            error)
    spread = d.variance * math.sqrt((d.kurtosis - 1) / n)
    error = (x.var() - d.variance) / spread
    f.check(abs(error) < 5, '%s: the variance %g is off by %.1f deviations', name,
            x.var(), error)
    check_distance(f, name, x.reshape(-1), d.cdf)
    check_independence(f, name, x)


def check_bernoulli(f, name, x, probability):
    f.check(np.isin(x, (0, 1)).all(), '%s: values other than 0 and 1', name)
    deviation = math.sqrt(probability * (1 - probability) / x.size)
    error = abs(x.mean() - probability)
    f.check(error <= 5 * deviation, '%s: %g instead of %g', name, x.mean(), probability)
    if deviation:
        check_independence(f, name, x.astype(np.float64))


def check_categorical(f, name, x, probabilities):
    """Each row of x holds class indices, drawn by its row of probabilities."""
    classes = probabilities.shape[1]
    f.check(np.isin(x, range(classes)).all(), '%s: no class indices', name)
    shares = (x[:, None, :] == np.arange(classes)[None, :, None]).mean(-1)
    deviation = np.sqrt(probabilities * (1 - probabilities) / x.shape[1])
    error = abs(shares - probabilities) - 5 * deviation
    f.check((error <= 1e-7).all(), '%s: shares %s instead of %s', name, shares,
            probabilities)
    z = x - x.mean(-1, keepdims=True)
    r = (z[:, 1:] * z[:, :-1]).mean() / (z ** 2).mean()
    f.check(abs(r) < 5 / math.sqrt(x.size), '%s: neighbours correlate by %.5f', name, r)


# ---------------------------------------------------------------- the network

# kind: (parameters, what to expect of values drawn with them)
KINDS = {
    'randomNormal': [({'mean': 0.0, 'stdDev': 1.0}, normal(0, 1)),
                     ({'mean': -3.0, 'stdDev': 0.25}, normal(-3, 0.25))],
    'randomUniform': [({'minVal': 0.0, 'maxVal': 1.0}, uniform(0, 1)),
                      ({'minVal': -2.0, 'maxVal': 6.0}, uniform(-2, 6))],
    'randomBernoulli': [({'prob': p}, float(np.float32(p))) for p in (0.5, 0.03, 0.0, 1.0)],
}
CHECKS = {'randomNormal': check_continuous, 'randomUniform': check_continuous,
          'randomBernoulli': check_bernoulli}
FORMS = ('Like', 'Static', 'Dynamic')
LOGITS = np.array([[0.0, 1.0, -1.0, 2.0], [3.0, 3.0, -9.0, 0.5]], np.float32)
SAMPLES = 50000


def softmax(logits):
    e = np.exp(logits.astype(np.float64))
    return e / e.sum(-1, keepdims=True)


class RandomNetwork:
    def __init__(self, tool):
        self.tool = tool
        self.net = network.Network(schema.Schema(os.path.join(HERE, '../../proto')),
                                   legacy=False)
        self.feed('like', np.zeros(SHAPE, np.float32))
        self.feed('shape', np.array(SHAPE, np.float32))
        self.feed('logits', LOGITS)
        self.feed('probabilities', softmax(LOGITS).astype(np.float32))

    def feed(self, name, value):
        self.net.inputs.append(network.feature(name, value.shape))
        self.net.feed[name] = value

    def add(self, name, kind, inputs, params):
        self.net._layer(name, kind, inputs, [name], params)
        self.net.outputs.append(network.feature(name))

    def add_form(self, name, kind, form, params):
        """A layer of one of the three forms, which say their shape differently."""
        inputs = {'Like': ['like'], 'Static': [], 'Dynamic': ['shape']}[form]
        if form == 'Static':
            params = dict(params, outputShape=SHAPE)
        self.add(name, kind + form, inputs, params)

    def predict(self):
        folder = tempfile.mkdtemp(prefix='mlmodel-random-')
        try:
            return self.net.predict(self.tool, folder)
        finally:
            shutil.rmtree(folder)


def build(tool):
    net, categorical = RandomNetwork(tool), {}
    for kind, variants in KINDS.items():
        for i, (params, _) in enumerate(variants):
            for form in FORMS:
                net.add_form('%s%s_%d' % (kind, form, i), kind, form,
                             dict(params, seed=17))
        for form in FORMS:
            net.add_form(kind + form + '_other', kind, form, dict(variants[0][0], seed=18))
        for name in ('_any', '_any2'):
            net.add_form(kind + name, kind, 'Static', dict(variants[0][0], seed=-1))
    for temperature in (0.0, 0.5, 4.0):
        for source in ('logits', 'probabilities'):
            name = 'categorical_%s_%g' % (source, temperature)
            net.add(name, 'categoricalDistribution', [source],
                    {'seed': 5, 'numSamples': SAMPLES, 'isLogits': source == 'logits',
                     'temperature': temperature})
            categorical[name] = softmax(LOGITS / (temperature or 1))
    return net, categorical


def check_seeds(f, first, second):
    """The same seed gives the same values, another one others."""
    f.check(all(np.array_equal(first[name], second[name]) for name in first),
            'another prediction gives other values')
    for kind in KINDS:
        like = first[kind + 'Like_0']
        for form in FORMS[1:]:
            f.check(np.array_equal(like, first[kind + form + '_0']),
                    '%s%s draws other values than %sLike', kind, form, kind)
        other, anything = first[kind + 'Like_other'], first[kind + '_any']
        for a, b in ((like, other), (anything, like), (anything, first[kind + '_any2'])):
            r = np.corrcoef(a.reshape(-1), b.reshape(-1))[0, 1]
            f.check(abs(r) < 5 / math.sqrt(COUNT), '%s: seeds correlate by %.5f', kind, r)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    net, categorical = build(parser.parse_args().tool)
    first, second, f = net.predict(), net.predict(), Failures()
    for kind, variants in KINDS.items():
        for i, (params, expected) in enumerate(variants):
            for form in FORMS:
                name = '%s%s_%d' % (kind, form, i)
                CHECKS[kind](f, name, first[name], expected)
        for name in [kind + form + '_other' for form in FORMS] + [kind + '_any']:
            CHECKS[kind](f, name, first[name], variants[0][1])
    for name, probabilities in categorical.items():
        check_categorical(f, name, first[name], probabilities)
    check_seeds(f, first, second)
    print('%d random layers, %d checks, %d failed' % (len(first), f.checks, f.failed))
    return f.failed != 0


if __name__ == '__main__':
    sys.exit(main())
