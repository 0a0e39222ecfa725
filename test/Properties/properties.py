#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Predicts random layers and compares with numpy.

    properties.py --tool build/bin/mlmodel --cases 3000 --seed 1
    properties.py --tool build/bin/mlmodel --seed 1 --only 271      (one case again)
    properties.py --tool build/bin/mlmodel --cases 500 --kinds 'pool|conv'
    properties.py --tool build/bin/mlmodel --cases 100 --spoil    (a test of the test)

The evaluators in this folder are written from the format's documentation, one
module per chapter. Compiling a network costs more than running it, so many
layers lie side by side in each. A layer that comes out wrong is told with its
parameters and shapes, and with the command that runs it alone.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import sys
import tempfile
import time

try:
    import numpy as np
except ImportError:
    print('skipped: no numpy')
    sys.exit(77)

import core
import network
import schema
import activation, control_flow, convolution, custom, elementwise   # noqa: F401,E401
import fill, image, indexing, linear_algebra, normalization        # noqa: F401,E401
import recurrent, reduction, selection, shape                      # noqa: F401,E401

HERE = os.path.dirname(os.path.abspath(__file__))
PROTO = os.path.join(HERE, '..', '..', 'proto')

# Layers that have no single right answer, or whose proof lies elsewhere.
WITHOUT_FAMILY = {
    'random numbers': re.compile('random|categoricalDistribution'),
}


def missing_kinds(layout):
    """Layers of the format that neither have a family nor a reason not to."""
    known = {kind for kind, _ in core.FAMILIES}
    layers = [name for name, (kind, *_) in layout.fields('NeuralNetworkLayer').items()
              if kind.endswith('Params')]
    unknown = known - set(layers)
    assert not unknown, 'no such layers: %s' % sorted(unknown)
    return [name for name in layers if name not in known and
            not any(r.match(name) for r in WITHOUT_FAMILY.values())]


def describe(value):
    """Parameters as one reads them; long weights are cut."""
    if isinstance(value, dict):
        return '{%s}' % ', '.join('%s: %s' % (k, describe(v)) for k, v in value.items())
    if isinstance(value, np.ndarray):
        head = ' '.join('%.6g' % v for v in value[:6])
        more = ' ... %d values' % value.size if value.size > 6 else ''
        return '[%s%s]' % (head, more)
    return str(value)


def spoil(case):
    """Makes one expected value wrong by about a thousandth."""
    for i, array in enumerate(case.expected):
        case.expected[i] = array = np.array(array, np.float64, order='C')
        value = array.reshape(-1)[:1]
        away = np.where(value < 0, -1, 1) * (abs(value) + 1) / 1000
        value[:] = np.where(np.isfinite(value), value + away, 0)


class Run:
    def __init__(self, options):
        self.options = options
        self.schema = schema.Schema(options.proto)
        # Removed by main, unless it is to be kept.
        self.folder = options.keep or tempfile.mkdtemp(prefix='mlmodel-properties-')
        self.wanted = re.compile(options.kinds)
        self.counts, self.failed = collections.Counter(), 0

    def draw(self, number):
        """The case of that number and whether its network is a legacy one."""
        draw = core.Draw(self.options.seed, number)
        if not self.wanted.search(draw.kind):
            return None, draw.legacy
        try:
            case = draw.case()
        except Exception:
            print('seed %d case %d: %s' % (self.options.seed, number, draw.kind))
            raise
        if self.options.spoil:
            spoil(case)
        return case, draw.legacy

    def report(self, number, case, legacy, problem):
        self.failed += 1
        if self.options.spoil:
            return
        options = self.options
        shapes = [list(v.value.shape) + ['constant'] if isinstance(v, core.Constant)
                  else list(np.shape(v)) for v in case.inputs]
        print('\nseed %d case %d: %s%s%s %s' % (
            options.seed, number, case.kind, ' (rank 5)' if legacy else '',
            ' (fused)' if case.fused else '', describe(case.params)))
        print('  inputs %s, outputs %s' % (shapes, [list(e.shape)
                                                    for e in case.expected]))
        print('  ' + problem)
        print('  again: %s --tool %s --seed %d --only %d --keep DIR' % (
            sys.argv[0], options.tool, options.seed, number))

    def find_problems(self, cases, legacy, folder):
        """Runs {number: case} in one network, halving it if the tool refuses; returns
        what is wrong, by number."""
        net = network.Network(self.schema, legacy)
        for number, case in cases.items():
            net.add(number, case)
        if not self.options.keep:
            shutil.rmtree(folder, ignore_errors=True)
        try:
            return net.problems(self.options.tool, folder)
        except network.Refused as refused:
            if len(cases) == 1:
                return {number: str(refused) for number in cases}
            items = list(cases.items())
            problems = {}
            for half in items[:len(items) // 2], items[len(items) // 2:]:
                problems.update(self.find_problems(dict(half), legacy, folder))
            return problems

    def finish(self, job):
        cases, legacy, problems = job
        for number, problem in problems.result().items():
            self.report(number, cases[number], legacy, problem)
        self.counts.update(case.kind for case in cases.values())

    def run(self):
        options = self.options
        if options.only is not None:
            case, legacy = self.draw(options.only)
            cases = {options.only: case}
            for number, problem in self.find_problems(cases, legacy,
                                                      self.folder).items():
                self.report(number, case, legacy, problem)
            self.counts[case.kind] += 1
            return
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            running = collections.deque()
            for i, (cases, legacy) in enumerate(self.draw_networks()):
                # As many folders as networks that may wait or run.
                folder = os.path.join(self.folder, str(i % (2 * options.jobs)))
                running.append((cases, legacy, pool.submit(
                    self.find_problems, cases, legacy, folder)))
                if len(running) == 2 * options.jobs:
                    self.finish(running.popleft())
            while running:
                self.finish(running.popleft())

    def draw_networks(self):
        """All cases, in networks of ({number: case}, whether it is a legacy one)."""
        options = self.options
        waiting = {False: {}, True: {}}
        number = drawn = 0
        while drawn < options.cases:
            case, legacy = self.draw(number)
            if case:
                drawn += 1
                if drawn % 5000 == 0:
                    print('%d cases drawn, %d failed' % (drawn, self.failed))
                waiting[legacy][number] = case
                if len(waiting[legacy]) == options.layers:
                    yield waiting[legacy], legacy
                    waiting[legacy] = {}
            number += 1
        for legacy, cases in waiting.items():
            if cases:
                yield cases, legacy


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    parser.add_argument('--proto', default=PROTO, help='folder of the .proto files')
    parser.add_argument('--cases', type=int, default=1000)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--layers', type=int, default=12, help='layers per network')
    parser.add_argument('--jobs', type=int, default=1, help='networks at once')
    parser.add_argument('--kinds', default='', help='only layers that match this')
    parser.add_argument('--only', type=int, help='the case of this number alone')
    parser.add_argument('--keep', help='write networks here and keep the last ones')
    parser.add_argument('--spoil', action='store_true',
                        help='expect wrong values: every case has to fail')
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    run = Run(options)
    missing = missing_kinds(run.schema)
    if missing:
        print('layers without a family:', ' '.join(missing))
        return 1
    start = time.time()
    try:
        run.run()
    finally:
        if not options.keep:
            shutil.rmtree(run.folder)
    cases = sum(run.counts.values())
    print('%d cases of %d kinds of layers, %d failed, %.0f s' % (
        cases, len(run.counts), run.failed, time.time() - start))
    return run.failed != (cases if options.spoil else 0)


if __name__ == '__main__':
    sys.exit(main())
