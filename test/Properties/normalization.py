# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalization: values shifted and scaled by what their neighbours are."""
import numpy as np

from core import Case, UNIT, as64, family, sum_slack

HW, CHW = (-2, -1), (-3, -2, -1)


def normalize(x, axes, epsilon, variance=True):
    """(x - mean) / sqrt(variance + epsilon) and a bound of its rounding errors."""
    count = int(np.prod([x.shape[a] for a in axes]))
    mean = x.mean(axes, keepdims=True)
    centred = x - mean
    error = sum_slack(abs(x).max(axes, keepdims=True), count)
    if not variance:
        return centred, error + 0 * x
    square = (centred ** 2).mean(axes, keepdims=True) + epsilon
    y = centred / np.sqrt(square)
    # The mean's error moves numerator and deviation; the rest is relative.
    return y, (error / np.sqrt(square)) * (1 + abs(y) * 2) + (count + 8) * UNIT * abs(y)


def per_channel(d, channels, low, high):
    message, values = d.weights(d.values(channels, low, high), packed=False)
    return message, as64(values).reshape(-1, 1, 1)


@family('batchnorm', legacy=True)
def batchnorm(d):
    """epsilon 0 means 1e-5; mean and variance are given or computed."""
    x = d.blob(3, 5)
    channels = x.shape[-3]
    params, epsilon = {'channels': channels}, 1e-5
    if d.flag():
        params['epsilon'] = epsilon = d.real(0.001, 0.1)
    params['gamma'], gamma = per_channel(d, channels, -2, 2)
    params['beta'], beta = per_channel(d, channels, -2, 2)
    x64 = as64(x)
    if d.flag(0.3):
        instance = d.flag()
        params.update(computeMeanVar=True, instanceNormalization=instance)
        axes = HW if instance else tuple(a for a in range(-x.ndim, 0) if a != -3)
        y, error = normalize(x64, axes, epsilon)
    else:
        params['mean'], mean = per_channel(d, channels, -1, 1)
        params['variance'], variance = per_channel(d, channels, 0.1, 3)
        scale = 1 / np.sqrt(variance + epsilon)
        y = (x64 - mean) * scale
        error = 8 * UNIT * (abs(x64) + abs(mean)) * scale
    return Case('batchnorm', params, [x], gamma * y + beta, 1e-6,
                abs(gamma) * error + 4 * UNIT * (abs(gamma * y) + abs(beta)))


@family('mvn', legacy=True)
def mvn(d):
    x = d.blob(3, 5)
    params, epsilon = {}, 1e-6
    for flag in ('acrossChannels', 'normalizeVariance'):
        params[flag] = d.flag()
    if d.flag():
        params['epsilon'] = epsilon = d.real(0.001, 0.1)
    y, error = normalize(as64(x), CHW if params['acrossChannels'] else HW, epsilon,
                         params['normalizeVariance'])
    return Case('mvn', params, [x], y, 1e-6, error)


@family('layerNormalization')
def layer_normalization(d):
    x = d.blob(1, 5)
    rank = d.integer(1, x.ndim)
    shape = x.shape[-rank:]
    epsilon = d.real(0.0001, 0.1)
    params = {'normalizedShape': shape, 'eps': epsilon}
    params['gamma'], gamma = d.weights(d.values(shape, -2, 2), packed=False)
    params['beta'], beta = d.weights(d.values(shape, -2, 2), packed=False)
    y, error = normalize(as64(x), tuple(range(-rank, 0)), epsilon)
    gamma, beta = as64(gamma, beta)
    return Case('layerNormalization', params, [x], gamma * y + beta, 1e-6,
                abs(gamma) * error + 4 * UNIT * (abs(gamma * y) + abs(beta)))


@family('l2normalize', legacy=True)
def l2_normalize(d):
    x = d.blob(3, 5)
    params, epsilon = {}, 1e-6
    if d.flag():
        params['epsilon'] = epsilon = d.real(0.001, 0.5)
    x64 = as64(x)
    y = x64 / np.sqrt((x64 ** 2).sum(CHW, keepdims=True) + epsilon)
    return Case('l2normalize', params, [x], y, (np.prod(x.shape[-3:]) + 8) * UNIT)


@family('lrn', legacy=True)
def lrn(d):
    """The window of localSize channels has its middle at the channel."""
    x = d.blob(3, 5)
    size = d.pick([1, 3, 5])
    params = {'alpha': d.real(0.1, 2), 'beta': d.real(0.3, 1.5), 'localSize': size}
    k = 1.0
    if d.flag():
        params['k'] = k = d.real(0.5, 2)
    x64 = np.moveaxis(as64(x), -3, 0)
    sums = np.stack([(x64[max(0, c - size // 2):c + size // 2 + 1] ** 2).sum(0)
                     for c in range(len(x64))])
    y = x64 / (k + params['alpha'] / size * sums) ** params['beta']
    return Case('lrn', params, [x], np.moveaxis(y, 0, -3), 2e-6)


def softmax_case(kind, params, x, axis):
    x64 = as64(x)
    top = x64.max(axis, keepdims=True)
    e = np.exp(x64 - top)
    y = e / e.sum(axis, keepdims=True)
    # Rounding the exponent by an ulp changes the power by that much relatively.
    return Case(kind, params, [x], y, 1e-6, y * 2 * UNIT * abs(x64 - top) + 1e-45)


@family('softmax', legacy=True)
def softmax(d):
    return softmax_case('softmax', {}, d.values(d.shape(3, 5), -8, 8), -3)


@family('softmaxND')
def softmax_nd(d):
    x = d.values(d.shape(1, 5), -8, 8)
    if d.flag(0.1):
        x *= 20      # exponents that overflow unless the maximum is taken off
    stored, axis = d.axis(x.ndim)
    return softmax_case('softmaxND', {'axis': stored}, x, axis)
