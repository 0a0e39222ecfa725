# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Custom layers of the classes that the project has rules for."""
import numpy as np

from core import Case, UNIT, as64, family
from normalization import HW, normalize


def parameters(**values):
    """A layer's map of parameters; whole numbers are integers."""
    return [{'key': key, 'value': {'intValue' if isinstance(value, int)
                                   else 'doubleValue': value}}
            for key, value in values.items()]


def swish(d):
    x, beta = d.values(d.shape(), -6, 6), d.real(0.5, 2) if d.flag() else None
    given = {} if beta is None else {'beta': beta}
    v = as64(x)
    y = v / (1 + np.exp(-(beta or 1) * v))
    return ['Swish', 'swish', 'SiLU', 'silu'], given, [x], y, 8 * UNIT * v ** 2


def mish(d):
    x = d.values(d.shape(), -6, 6)
    v = as64(x)
    y = v * np.tanh(np.logaddexp(0, v))
    return ['Mish', 'mish'], {}, [x], y, 4 * UNIT * abs(v)


def hard_swish(d):
    x = d.values(d.shape(), -6, 6)
    v = as64(x)
    y = v * np.clip(v + 3, 0, 6) / 6
    names = ['HardSwish', 'hard_swish', 'HSwish', 'h_swish']
    return names, {}, [x], y, 4 * UNIT * (abs(v) + abs(y))


def scaling(d):
    x, scale, bias = d.values(d.shape()), d.real(-2, 2), d.real(-2, 2)
    given = {name: value for name, value in (('scale', scale), ('bias', bias))
             if d.flag()}
    v = as64(x) * given.get('scale', 1)
    y = v + given.get('bias', 0)
    return (['Scaling', 'scaling', 'Scale', 'scale'], given, [x], y,
            4 * UNIT * (abs(v) + abs(y)))


def distance(d):
    a = d.values(d.shape(3, 5))
    b = d.values(a.shape)
    given = {'axis': -1} if d.flag() else {}
    axes = -1 if given else (-3, -2, -1)
    y = np.sqrt(((as64(a) - as64(b)) ** 2).sum(axes, keepdims=True))
    names = ['L2Distance', 'l2_distance', 'EuclideanDistance', 'euclidean_distance']
    return names, given, [a, b], y, (a.size + 8) * UNIT * y


def instance_normalization(d):
    x, epsilon = d.values(d.shape(3, 5)), d.real(0.01, 0.5)
    given = {'epsilon': epsilon} if d.flag() else {}
    y, error = normalize(as64(x), HW, given.get('epsilon', 1e-5))
    return ['InstanceNormalization', 'InstanceNorm'], given, [x], y, error


def sample(image, theta, points):
    """Every pixel's share at every point falls with its distance along both axes."""
    rows, columns = image.shape[-2:]
    v, u = np.meshgrid(*[np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
                         for n in points], indexing='ij')
    grid = np.stack([u, v, 1 + 0 * u])
    s, t = np.tensordot(theta.reshape(2, 3), grid, 1)
    shares = [np.maximum(0, 1 - abs((at + 1) * (n - 1) / 2 - np.arange(n)[:, None, None]))
              for at, n in ((t, rows), (s, columns))]
    return np.einsum('...mn,mhw,nhw->...hw', image, *shares)


def grid_sampler(d):
    rank = 5 if d.legacy else d.integer(3, 5)
    image = d.values((1,) * (rank - 3) + (d.integer(1, 3), d.integer(2, 5),
                                          d.integer(2, 5)))
    theta = d.values(6, -1.2, 1.2)
    points = d.integer(1, 6), d.integer(1, 6)
    y = sample(as64(image), as64(theta), points)
    given = {'output_height': points[0], 'output_width': points[1]}
    theta = theta.reshape(1, 1, 6, 1, 1) if d.legacy else theta
    return ['AAPLGridSampler'], given, [image, theta], y, 64 * UNIT * abs(image).max()


CLASSES = [swish, mish, hard_swish, scaling, distance, instance_normalization,
           grid_sampler]


@family('custom', legacy=True)
def custom(d):
    names, given, inputs, y, slack = d.pick(CLASSES)(d)
    params = {'className': d.pick(names), 'parameters': parameters(**given)}
    return Case('custom', params, inputs, y, 2e-6, slack)
