#!/usr/bin/python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network of recurrent layers with many settings, and what it must answer.

    recurrent.py write DIR KIND      KIND.mlir, and the inputs x.npy, h.npy, c.npy
    recurrent.py check DIR KIND      compares DIR/KIND with the format's formulas

KIND is simple_recurrent, gru or lstm.

All layers read the same sequence of 5 vectors in a batch of 3.
"""
import sys

import numpy as np

LENGTH, BATCH, SIZE, UNITS = 5, 3, 4, 6
GATES = {'simple_recurrent': [''],
         'gru': ['updateGate', 'resetGate', 'outputGate'],
         'lstm': ['inputGate', 'forgetGate', 'blockInput', 'outputGate']}
FUNCTIONS = {
    'linear = {}': lambda v: v,
    'linear = {alpha = 0.5 : f32, beta = 0.25 : f32}': lambda v: 0.5 * v + 0.25,
    'sigmoid = {}': lambda v: 1 / (1 + np.exp(-v)),
    'tanh = {}': np.tanh,
    'scaledTanh = {}': np.tanh,
    'scaledTanh = {alpha = 1.75 : f32, beta = 0.5 : f32}':
        lambda v: 1.75 * np.tanh(0.5 * v),
    'sigmoidHard = {}': lambda v: np.clip(0.2 * v + 0.5, 0, 1),
    'ReLU = {}': lambda v: np.maximum(v, 0),
}
USUAL = ['sigmoid = {}', 'tanh = {}', 'tanh = {}']


def layers():
    """(name, kind, settings): every setting alone, and some together."""
    for i, function in enumerate(FUNCTIONS):
        yield 's%d' % i, 'simple_recurrent', {'functions': [function], 'sequence': i % 2}
    yield 's_state', 'simple_recurrent', {'functions': ['tanh = {}'], 'states': 1,
                                          'reverse': 1, 'bias': 1, 'sequence': 1}
    for i in range(4):
        yield 'g%d' % i, 'gru', {'functions': USUAL[:2], 'states': i & 1,
                                 'reverse': i & 2, 'sequence': i in (1, 2), 'bias': i & 1}
    for name in ('forgetBias', 'peephole', 'coupled', 'reverse', 'states'):
        yield 'u_' + name, 'lstm', {'functions': USUAL, name: 1}
    yield 'u_clip', 'lstm', {'functions': USUAL, 'clip': 0.125, 'sequence': 1}
    yield 'u_all', 'lstm', {'functions': ['sigmoidHard = {}', 'ReLU = {}', 'linear = {}'],
                            'bias': 1, 'forgetBias': 1, 'peephole': 1, 'clip': 0.75,
                            'sequence': 1, 'reverse': 1, 'states': 1}
    yield 'b', 'lstm', {'functions': USUAL, 'directions': 2}
    yield 'b_all', 'lstm', {'functions': USUAL, 'directions': 2, 'bias': 1, 'peephole': 1,
                            'coupled': 1, 'sequence': 1, 'states': 1}


def weights(name, kind, directions):
    """For each direction {gate: {W, R, b, p}}, the same on every run."""
    random = np.random.RandomState(sum(map(ord, name)))
    draw = lambda *shape: np.float32(random.uniform(-1, 1, shape))
    return [{gate: {'W': draw(UNITS, SIZE), 'R': draw(UNITS, UNITS), 'b': draw(UNITS), 'p': draw(UNITS)}
             for gate in GATES[kind]} for _ in range(directions)]


# ---------------------------------------------------------------- writing
def attribute(array):
    raw = array.astype('<f4').tobytes().hex().upper()
    return '#mlmodel.weights<dense<"0x%s"> : tensor<%dxf32>>' % (raw, array.size)


def weight_fields(kind, gates, settings):
    fields = []
    for gate, w in gates.items():
        join = (lambda s: gate + s) if gate else (lambda s: s[0].lower() + s[1:])
        fields.append('%s = %s' % (join('WeightMatrix'), attribute(w['W'])))
        fields.append('%s = %s' % (join('RecursionMatrix'), attribute(w['R'])))
        if settings.get('bias'):
            fields.append('%s = %s' % (join('BiasVector'), attribute(w['b'])))
        if settings.get('peephole') and gate != 'blockInput':
            fields.append('%s = %s' % (join('PeepholeVector'), attribute(w['p'])))
    return ', '.join(fields)


def flags(settings, names):
    return ['%s = true' % field for setting, field in names.items() if settings.get(setting)]


def parameters(name, kind, settings):
    functions = ['{%s}' % f for f in settings['functions']]
    directions = [weight_fields(kind, gates, settings)
                  for gates in weights(name, kind, settings.get('directions', 1))]
    fields = ['inputVectorSize = %d : i64' % SIZE, 'outputVectorSize = %d : i64' % UNITS]
    fields += flags(settings, {'reverse': 'reverseInput'})
    if kind == 'lstm':
        params = flags(settings, {'bias': 'hasBiasVectors', 'forgetBias': 'forgetBias', 'peephole': 'hasPeepholeVectors',
                                  'coupled': 'coupledInputAndForgetGate', 'sequence': 'sequenceOutput'})
        if 'clip' in settings:
            params.append('cellClipThreshold = %r : f32' % settings['clip'])
        fields.append('params = {%s}' % ', '.join(params))
        listed = '[%s]' % ', '.join(functions)
        if len(directions) == 2:
            fields += ['activationsForwardLSTM = ' + listed, 'activationsBackwardLSTM = ' + listed,
                       'weightParams = [{%s}, {%s}]' % tuple(directions)]
        else:
            fields += ['activations = ' + listed, 'weightParams = {%s}' % directions[0]]
        return ', '.join(fields)
    fields += flags(settings, {'sequence': 'sequenceOutput',
                               'bias': 'hasBiasVectors' if kind == 'gru' else 'hasBiasVector'})
    fields.append('activations = [%s]' % ', '.join(functions) if kind == 'gru' else 'activation = ' + functions[0])
    return ', '.join(fields + directions)


def state_count(kind, settings):
    return (2 if kind == 'lstm' else 1) * settings.get('directions', 1) if settings.get('states') else 0


def write(directory, wanted):
    """All layers of a kind in one network: it is compiled once."""
    lines, outputs = [], []
    for name, kind, settings in layers():
        if kind != wanted:
            continue
        count = state_count(kind, settings)
        op = {'lstm': ['uni_directional_lstm', 'bi_directional_lstm'][settings.get('directions', 1) - 1]}.get(kind, kind)
        results = [name] + ['%s_%d' % (name, i) for i in range(count)]
        operands = (['%x'] + ['%h', '%c'] * 2)[:1 + count]
        any_type = 'tensor<*xf32>'
        lines.append('%s = mlmodel.%s <"%s" -> %s>(%s) {%s} : (%s) -> (%s)' % (
            ', '.join('%' + r for r in results), op, name, ', '.join('"%s"' % r for r in results),
            ', '.join(operands), parameters(name, kind, settings),
            ', '.join([any_type] * len(operands)), ', '.join([any_type] * len(results))))
        outputs += results
    shapes = {'x': (LENGTH, BATCH, SIZE, 1, 1), 'h': (1, BATCH, UNITS, 1, 1), 'c': (1, BATCH, UNITS, 1, 1)}
    feature = '{name = "%s", type = {multiArrayType = {dataType = "FLOAT32"%s}}}'
    inputs = [feature % (n, ', shape = array<i64: %s>' % ', '.join(map(str, s))) for n, s in shapes.items()]
    with open('%s/%s.mlir' % (directory, wanted), 'w', encoding='utf-8') as file:
        file.write('''mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [%s], output = [%s]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x", "h", "c"], outputNames = [%s]} {
  ^bb0(%%x: tensor<*xf32>, %%h: tensor<*xf32>, %%c: tensor<*xf32>):
    %s
    mlmodel.output %s : %s
  }
}
''' % (', '.join(inputs), ', '.join(feature % (o, '') for o in outputs), ', '.join('"%s"' % o for o in outputs),
       '\n    '.join(lines), ', '.join('%' + o for o in outputs), ', '.join(['tensor<*xf32>'] * len(outputs))))
    random = np.random.RandomState(1)
    for name, shape in shapes.items():
        np.save('%s/%s.npy' % (directory, name), np.float32(random.uniform(-1, 1, shape)))


# ---------------------------------------------------------------- checking
def step(kind, settings, w, x, state):
    """The next state; its first entry is the output."""
    functions = [FUNCTIONS[f] for f in settings['functions']]
    h = state[0]

    def gate(function, name, hidden=h, cell=None):
        total = x @ np.float64(w[name]['W']).T + hidden @ np.float64(w[name]['R']).T
        if settings.get('bias'):
            total = total + w[name]['b']
        if cell is not None and settings.get('peephole'):
            total = total + cell * w[name]['p']
        return function(np.clip(total, -50, 50))

    if kind == 'simple_recurrent':
        return [gate(functions[0], '')]
    if kind == 'gru':
        f, g = functions
        z, r = gate(f, 'updateGate'), gate(f, 'resetGate')
        return [(1 - z) * gate(g, 'outputGate', r * h) + z * h]
    f, g, k = functions
    c = state[1]
    i = gate(f, 'inputGate', cell=c)
    forget = 1 - i if settings.get('coupled') else gate(f, 'forgetGate', cell=c)
    limit = settings.get('clip', 50)
    c = np.clip(c * forget + i * gate(g, 'blockInput'), -limit, limit)
    return [k(c) * gate(f, 'outputGate', cell=c), c]


def run(kind, settings, w, x, state):
    outputs = []
    for vector in x:
        state = step(kind, settings, w, vector, state)
        outputs.append(state[0])
    return (np.array(outputs) if settings.get('sequence') else state[0][None]), state


def expected(name, kind, settings, x, states):
    """All outputs of a layer."""
    x = x[..., 0, 0]
    size = 2 if kind == 'lstm' else 1
    given = [s[0, ..., 0, 0] for s in states] if settings.get('states') else [np.zeros((BATCH, UNITS))] * 2
    ways = weights(name, kind, settings.get('directions', 1))
    if len(ways) == 1:
        y, last = run(kind, settings, ways[0], x[::-1] if settings.get('reverse') else x, given[:size])
    else:
        y, last = run(kind, settings, ways[0], x, given)
        back, last_back = run(kind, settings, ways[1], x[::-1], given)
        y, last = np.concatenate([y, back[::-1]], axis=-1), last + last_back
    return [y] + [s[None] for s in last[:state_count(kind, settings)]]


def check(directory, wanted):
    x, *states = (np.float64(np.load('%s/%s.npy' % (directory, n))) for n in 'xhc')
    count = 0
    for name, kind, settings in layers():
        if kind != wanted:
            continue
        for i, want in enumerate(expected(name, kind, settings, x, states)):
            output = name if i == 0 else '%s_%d' % (name, i - 1)
            got = np.load('%s/%s/%s.npy' % (directory, kind, output))
            assert got.shape == want.shape + (1, 1), (output, got.shape, want.shape)
            error = np.abs(got[..., 0, 0] - want).max()
            assert error < 1e-5, (output, error)
            count += 1
    print('%s: %d outputs are right' % (wanted, count))


{'write': write, 'check': check}[sys.argv[1]](*sys.argv[2:])
