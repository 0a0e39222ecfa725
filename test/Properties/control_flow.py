# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small programs of branches and loops, run by an interpreter in a few lines.

No statement rounds more than once, so that float32 gives the same bits here and
there. A program is a list of statements; a statement knows its layers and what it
does to the variables, which are blobs that the layers overwrite.
"""
import numpy as np

from core import Case, family


class Break(Exception):
    pass


class Continue(Exception):
    pass


class Writer:
    """Makes layers for variables; names begin with the program's own prefix."""

    def __init__(self, prefix):
        self.prefix, self.count = prefix, 0

    def layer(self, kind, inputs, outputs, params):
        self.count += 1
        blobs = [[self.prefix + name for name in names] for names in (inputs, outputs)]
        return {'name': '%slayer%d' % (self.prefix, self.count),
                'input': blobs[0], 'output': blobs[1], kind: params}

    def network(self, statements):
        return {'layers': [layer for s in statements for layer in s.layers(self)]}


class Set:
    """variable = constant"""

    def __init__(self, variable, value, shape=(1,)):
        self.variable, self.value, self.shape = variable, value, shape

    def layers(self, w):
        return [w.layer('fillStatic', [], [self.variable],
                        {'value': self.value, 'targetShape': self.shape})]

    def run(self, state):
        state[self.variable] = np.full(self.shape, self.value, np.float32)


class Step:
    """variable = scale * variable + add; the scale is a power of 2"""

    def __init__(self, variable, scale, add):
        self.variable, self.scale, self.add = variable, scale, add

    def layers(self, w):
        return [w.layer('activation', [self.variable], [self.variable],
                        {'linear': {'alpha': self.scale, 'beta': self.add}})]

    def run(self, state):
        state[self.variable] = self.scale * state[self.variable] + self.add


class Sum:
    """variable = variable + other"""

    def __init__(self, variable, other):
        self.variable, self.other = variable, other

    def layers(self, w):
        return [w.layer('addBroadcastable', [self.variable, self.other],
                        [self.variable], {})]

    def run(self, state):
        state[self.variable] = state[self.variable] + state[self.other]


class Grow:
    """variable = variable followed by other, which is one number"""

    def __init__(self, variable, other):
        self.variable, self.other = variable, other

    def layers(self, w):
        return [w.layer('concatND', [self.variable, self.other], [self.variable],
                        {'axis': 0})]

    def run(self, state):
        state[self.variable] = np.concatenate(
            [state[self.variable], state[self.other].reshape(1)])


class Test:
    """A condition: whether the greatest value of a variable is above or below."""

    def __init__(self, variable, above, bound):
        self.variable, self.above, self.bound = variable, above, bound

    def layers(self, w, name):
        return [w.layer('reduceMax', [self.variable], [name + 'max'],
                        {'reduceAll': True, 'keepDims': False}),
                w.layer('greaterThan' if self.above else 'lessThan', [name + 'max'],
                        [name], {'alpha': self.bound})]

    def holds(self, state):
        greatest = state[self.variable].max()
        return greatest > self.bound if self.above else greatest < self.bound


class If:
    def __init__(self, test, then, otherwise):
        self.test, self.then, self.otherwise = test, then, otherwise

    def layers(self, w):
        name = 'test%d' % w.count
        condition = self.test.layers(w, name)
        params = {'ifBranch': w.network(self.then)}
        if self.otherwise is not None:
            params['elseBranch'] = w.network(self.otherwise)
        return condition + [w.layer('branch', [name], [], params)]

    def run(self, state):
        execute(self.then if self.test.holds(state) else self.otherwise or [], state)


class Loop:
    """At most `rounds` rounds, as long as the test, if there is one, holds."""

    def __init__(self, rounds, test, body):
        self.rounds, self.test, self.body = rounds, test, body

    def layers(self, w):
        params = {'maxLoopIterations': self.rounds}
        if self.test:
            name = 'goes%d' % w.count
            params.update(conditionVar=w.prefix + name,
                          conditionNetwork={'layers': self.test.layers(w, name)})
        params['bodyNetwork'] = w.network(self.body)
        return [w.layer('loop', [], [], params)]

    def run(self, state):
        for _ in range(self.rounds):
            if self.test and not self.test.holds(state):
                break
            try:
                execute(self.body, state)
            except Continue:
                pass
            except Break:
                break


class Jump:
    def __init__(self, kind):
        self.kind = kind

    def layers(self, w):
        return [w.layer(self.kind, [], [], {})]

    def run(self, state):
        raise {'loopBreak': Break, 'loopContinue': Continue}[self.kind]


def execute(statements, state):
    for statement in statements:
        statement.run(state)


class Drawing:
    """Random programs over the variables a, b (of one shape) and n (one number)."""

    def __init__(self, d):
        self.d, self.grows = d, d.flag(0.2)

    def test(self, bounds):
        d = self.d
        return Test(d.pick(['a', 'b', 'n']), d.flag(), d.integer(*bounds) + 0.5)

    def plain(self):
        d, variable = self.d, self.d.pick(['a', 'b'])
        how = d.integer(0, 4 if self.grows else 3)
        if how < 2:
            return Step(variable, d.pick([1, -1, 0.5, -0.5]) if how else 1,
                        d.integer(-6, 6) * 0.5)
        return [Sum(variable, 'n'), Sum('a', 'b'), Grow('g', 'n')][how - 2]

    def body(self, depth, jumps=()):
        """One to three statements; `jumps` are those that may occur in it."""
        d = self.d
        statements = []
        for _ in range(d.integer(1, 3)):
            how = d.random.random()
            if how < 0.5 or depth == 0:
                statements.append(self.plain())
            elif how < 0.8:
                statements.append(self.branch(depth, jumps))
            else:
                statements.append(self.loop(depth))
        return statements

    def branch(self, depth, jumps):
        d = self.d
        then = self.body(depth - 1, jumps)
        if jumps and d.flag():
            then.append(Jump(d.pick(jumps)))
        return If(self.test((-4, 8)), then,
                  self.body(depth - 1, jumps) if d.flag() else None)

    def loop(self, depth, jumps=('loopBreak', 'loopContinue')):
        d = self.d
        jumps = jumps if d.flag() else ()
        body = [Step('n', 1, 1)] + self.body(depth - 1, jumps)
        return Loop(d.integer(1, 4), self.test((-2, 8)) if d.flag(0.4) else None, body)

    def jumping_loop(self, kind):
        """A loop that surely holds the jump, behind a test of the round."""
        d = self.d
        jump = If(Test('n', d.flag(), d.integer(0, 4) + 0.5),
                  self.body(0) + [Jump(kind)], None)
        body = [Step('n', 1, 1)] + self.body(1) + [jump] + self.body(1)
        return Loop(d.integer(2, 5), None, body)


@family('branch', 'loop', 'loopBreak', 'loopContinue')
def program(d):
    drawing = Drawing(d)
    shape = d.shape(1, 3, 3)
    state = {name: d.values(shape, -4, 4) for name in 'ab'}
    inputs = list(state.values())
    statements = [Set('n', 0), Set('g', 1)]
    if d.kind == 'branch':
        statements.append(drawing.branch(2, ()))
    elif d.kind == 'loop':
        statements.append(drawing.loop(2))
    else:
        statements.append(drawing.jumping_loop(d.kind))
    execute(statements, state)

    def layers(names, results, prefix):
        w = Writer(prefix)
        copies = [{'name': prefix + 'copy%d' % i, 'input': [name],
                   'output': [prefix + variable], 'copy': {}}
                  for i, (name, variable) in enumerate(zip(names, 'ab'))]
        ends = [{'name': prefix + 'end' + variable, 'input': [prefix + variable],
                 'output': [result], 'copy': {}}
                for result, variable in zip(results, 'abng')]
        return copies + w.network(statements)['layers'] + ends

    return Case(d.kind, {}, inputs, [state[name] for name in 'abng'], layers=layers)
