# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Recurrent layers: a state that goes through a sequence.

What rounding may do grows from step to step, so every value carries the bound of
its error along.
"""
import numpy as np

from core import Case, UNIT, as64, family


class Near:
    """Float64 values and how far a float32 computation may be from them."""

    def __init__(self, values, error=0):
        self.values = as64(values)
        self.error = np.broadcast_to(error, self.values.shape)

    def __add__(self, other):
        other = other if isinstance(other, Near) else Near(other)
        values = self.values + other.values
        return Near(values, self.error + other.error + 2 * UNIT * abs(values))

    def __mul__(self, other):
        values = self.values * other.values
        return Near(values, self.error * abs(other.values) + self.error * other.error
                    + abs(self.values) * other.error + 2 * UNIT * abs(values))

    def times(self, matrix):
        """The product with a transposed matrix, summed in any order."""
        size = abs(self.values) @ abs(matrix.T)
        return Near(self.values @ matrix.T, self.error @ abs(matrix.T)
                    + (matrix.shape[1] + 2) * UNIT * size)

    def clip(self, limit):
        return Near(np.clip(self.values, -limit, limit), self.error)

    def apply(self, function):
        return Near(*function(self.values, self.error))

    def complement(self):
        return Near(-self.values, self.error) + 1


def bounded(function, slope, inner=0):
    """A function of values and errors; `inner`: what its argument loses more."""
    def apply(x, error):
        y = function(x)
        return y, slope * (error + inner * UNIT * abs(x)) + 1e-6 * abs(y)
    return apply


def draw_function(d):
    """An ActivationParams message and what it computes."""
    name = d.pick(['linear', 'sigmoid', 'tanh', 'scaledTanh', 'sigmoidHard', 'ReLU'])
    a, b = d.real(0.2, 1), d.real(0.1, 0.5)
    both = {'alpha': a, 'beta': b}
    if name == 'linear':
        apply = lambda x, e: (a * x + b, a * e + 4 * UNIT * (abs(a * x) + b))
    elif name == 'sigmoidHard':
        apply = lambda x, e: (np.clip(a * x + b, 0, 1),
                              a * e + 4 * UNIT * (abs(a * x) + b))
    elif name == 'scaledTanh':
        apply = bounded(lambda x: a * np.tanh(b * x), a * b, 4)
    else:
        both = {}
        apply = {'sigmoid': bounded(lambda x: 1 / (1 + np.exp(-x)), 0.25),
                 'tanh': bounded(np.tanh, 1),
                 'ReLU': bounded(lambda x: np.maximum(x, 0), 1)}[name]
    return {name: both}, apply


def draw_weights(d, *shape):
    """Weights in one of the encodings, small enough for states not to explode."""
    while True:
        message, values = d.weights(d.values(shape, -0.7, 0.7), axis=0)
        if abs(values).max() <= 1:
            return message, as64(values)


class Gate:
    """function(W x + R h + bias + peephole * cell), the sum within [-50, 50]."""

    def __init__(self, d, sizes, bias, peephole, name, message):
        inputs, outputs = sizes
        # The only gate of simpleRecurrent has no name: weightMatrix.
        field = lambda part: name + part if name else part[0].lower() + part[1:]
        message[field('WeightMatrix')], self.weights = draw_weights(d, outputs, inputs)
        message[field('RecursionMatrix')], self.recursion = draw_weights(
            d, outputs, outputs)
        self.bias = self.peephole = None
        if bias:
            message[field('BiasVector')], self.bias = draw_weights(d, outputs)
        if peephole:
            message[field('PeepholeVector')], self.peephole = draw_weights(d, outputs)

    def __call__(self, function, x, hidden, cell=None):
        total = x.times(self.weights) + hidden.times(self.recursion)
        if self.bias is not None:
            total = total + self.bias
        if cell is not None and self.peephole is not None:
            total = total + cell * Near(self.peephole)
        return total.clip(50).apply(function)


def simple_step(functions, gates):
    return lambda x, state: [gates[''](functions[0], x, state[0])]


def gru_step(functions, gates):
    inner, outer = functions

    def step(x, state):
        h, = state
        update = gates['updateGate'](inner, x, h)
        reset = gates['resetGate'](inner, x, h)
        new = gates['outputGate'](outer, x, reset * h)
        return [update.complement() * new + update * h]
    return step


def lstm_step(functions, gates, params):
    inner, block, outer = functions

    def step(x, state):
        h, c = state
        enter = gates['inputGate'](inner, x, h, c)
        if params.get('coupledInputAndForgetGate'):
            forget = enter.complement()
        else:
            forget = gates['forgetGate'](inner, x, h, c)
        c = c * forget + enter * gates['blockInput'](block, x, h)
        c = c.clip(params.get('cellClipThreshold', 50))
        return [c.apply(outer) * gates['outputGate'](inner, x, h, c), c]
    return step


def run(step, x, state, sequence):
    """The outputs for x [length, batch, size], all or the last, and the states."""
    outputs = []
    for vector in x:
        state = step(Near(vector), state)
        outputs.append(state[0])
    return outputs if sequence else outputs[-1:], state


class Layer:
    """What all recurrent layers have in common."""

    def __init__(self, d, states):
        self.length, self.batch = d.integer(1, 5), d.integer(1, 3)
        self.sizes = d.integer(1, 5), d.integer(1, 5)
        self.params = dict(zip(('inputVectorSize', 'outputVectorSize'), self.sizes))
        self.x = d.values((self.length, self.batch, self.sizes[0], 1, 1), -2, 2)
        shape = (1, self.batch, self.sizes[1], 1, 1)
        self.given = [d.values(shape, -1, 1) for _ in range(states)] if d.flag() else []
        self.start = [Near(s[0, :, :, 0, 0]) for s in self.given] or [
            Near(np.zeros((self.batch, self.sizes[1])))] * states
        self.answers_states = d.flag()

    def sequence(self, backwards):
        x = self.x[..., 0, 0]
        return x[::-1] if backwards else x

    def case(self, kind, outputs, states):
        """The case whose outputs and final states are lists of Near."""
        results = [np.stack([getattr(o, part) for o in outputs])
                   for part in ('values', 'error')]
        want, slack = [results[0][..., None, None]], [results[1][..., None, None]]
        for state in states if self.answers_states else []:
            want.append(state.values[None, ..., None, None])
            slack.append(state.error[None, ..., None, None])
        return Case(kind, self.params, [self.x] + self.given, want, 0, slack)


@family('simpleRecurrent', 'gru', legacy=True)
def one_state(d):
    layer = Layer(d, 1)
    names, count, make = {
        'simpleRecurrent': ([''], 1, simple_step),
        'gru': (['updateGate', 'resetGate', 'outputGate'], 2, gru_step)}[d.kind]
    bias, sequence, reverse = d.flag(), d.flag(), d.flag()
    gates = {name: Gate(d, layer.sizes, bias, False, name, layer.params)
             for name in names}
    messages, functions = zip(*[draw_function(d) for _ in range(count)])
    layer.params.update(sequenceOutput=sequence, reverseInput=reverse)
    if d.kind == 'gru':
        layer.params.update(hasBiasVectors=bias, activations=list(messages))
    else:
        layer.params.update(hasBiasVector=bias, activation=messages[0])
    return layer.case(d.kind, *run(make(functions, gates), layer.sequence(reverse),
                                   layer.start, sequence))


def draw_lstm(d, sizes, params):
    """One direction: its weights, its functions, and its step."""
    message, names = {}, ('inputGate', 'forgetGate', 'blockInput', 'outputGate')
    gates = {name: Gate(d, sizes, params['hasBiasVectors'],
                        params['hasPeepholeVectors'] and name != 'blockInput',
                        name, message) for name in names}
    messages, functions = zip(*[draw_function(d) for _ in range(3)])
    return message, list(messages), lstm_step(functions, gates, params)


def draw_lstm_params(d):
    """forgetBias adds nothing: docs/Conformance.md."""
    params = {name: d.flag() for name in (
        'sequenceOutput', 'hasBiasVectors', 'forgetBias', 'hasPeepholeVectors',
        'coupledInputAndForgetGate')}
    if d.flag():
        params['cellClipThreshold'] = d.real(0.1, 2)
    return params


@family('uniDirectionalLSTM', legacy=True)
def lstm(d):
    layer, params, reverse = Layer(d, 2), draw_lstm_params(d), d.flag()
    message, activations, step = draw_lstm(d, layer.sizes, params)
    layer.params.update(params=params, weightParams=message, activations=activations,
                        reverseInput=reverse)
    return layer.case(d.kind, *run(step, layer.sequence(reverse), layer.start,
                                   params['sequenceOutput']))


@family('biDirectionalLSTM', legacy=True)
def two_lstms(d):
    """Both directions side by side; an element of each stays at its place."""
    layer, params = Layer(d, 4), draw_lstm_params(d)
    ways = [draw_lstm(d, layer.sizes, params) for _ in range(2)]
    layer.params.update(params=params, weightParams=[way[0] for way in ways],
                        activationsForwardLSTM=ways[0][1],
                        activationsBackwardLSTM=ways[1][1])
    results = [run(step, layer.sequence(backwards), layer.start[2 * backwards:][:2],
                   params['sequenceOutput'])
               for backwards, (_, _, step) in enumerate(ways)]
    (forward, states), (backward, last) = results
    both = [Near(np.concatenate([a.values, b.values], -1),
                 np.concatenate([a.error, b.error], -1))
            for a, b in zip(forward, backward[::-1])]
    return layer.case(d.kind, both, states + last)
