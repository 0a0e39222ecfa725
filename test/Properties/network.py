# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Puts cases side by side into one network and predicts with it."""
import json
import os
import subprocess

import numpy as np

from core import Constant

ARRAY = {'dataType': 'FLOAT32'}


class Refused(Exception):
    """The tool gave no prediction."""


def declared_shape(array, legacy):
    """The shape in the model's description: legacy networks know only C and CHW."""
    if not legacy or array.ndim in (1, 3):
        return array.shape
    return array.shape[-3:]


def caller_array(array, legacy):
    """A rank-5 blob as a caller would give it: leading ones may be left out."""
    if not legacy or array.ndim != 5 or array.shape[:2] != (1, 1):
        return array
    return array.reshape(array.shape[2:] if array.shape[3:] != (1, 1)
                         else array.shape[2:3])


def feature(name, shape=()):
    array = dict(ARRAY, shape=shape) if shape else ARRAY
    return {'name': name, 'type': {'multiArrayType': array}}


class Network:
    def __init__(self, schema, legacy):
        self.schema, self.legacy = schema, legacy
        self.cases, self.layers = {}, []
        self.inputs, self.feed, self.outputs = [], {}, []

    def add(self, number, case):
        self.cases[number] = case
        names = []
        for i, value in enumerate(case.inputs):
            name = 'x%d_%d' % (number, i)
            names.append(name)
            if isinstance(value, Constant):
                data = {'floatValue': value.value.reshape(-1)}
                self._layer(name, 'loadConstantND', [], [name],
                            {'shape': value.value.shape or (1,), 'data': data})
                continue
            value = caller_array(np.asarray(value, np.float32), self.legacy)
            self.inputs.append(feature(name, declared_shape(value, self.legacy)))
            self.feed[name] = value / 2 if case.fused else value
            if case.fused:
                names[i] = self._doubled(name, name + 'doubled')
        outputs = ['y%d_%d' % (number, i) for i in range(len(case.expected))]
        self.outputs += [feature(name) for name in outputs]
        results = [name + 'half' for name in outputs] if case.fused else outputs
        if case.layers:
            self.layers += case.layers(names, results, 'case%d_' % number)
        else:
            self._layer('case%d' % number, case.kind, names, results, case.params)
        if case.fused:
            for result, output in zip(results, outputs):
                self._doubled(result, output)

    def _doubled(self, name, result):
        """A layer that a loop may take in without rounding anything."""
        self._layer(result, 'multiply', [name], [result], {'alpha': 2})
        return result

    def _layer(self, name, kind, inputs, outputs, params):
        self.layers.append({'name': name, 'input': inputs, 'output': outputs,
                            kind: params})

    def bytes(self):
        inputs = self.inputs or [feature('unused', (1,))]
        mapping = 'RANK5_ARRAY_MAPPING' if self.legacy else 'EXACT_ARRAY_MAPPING'
        network = {'layers': self.layers, 'arrayInputShapeMapping': mapping}
        return self.schema.encode('Model', {
            'specificationVersion': 3 if self.legacy else 5,
            'description': {'input': inputs, 'output': self.outputs},
            'neuralNetwork': network})

    def write(self, folder):
        """Writes model and inputs; returns what has to be run."""
        os.makedirs(folder, exist_ok=True)
        model = os.path.join(folder, 'network.mlmodel')
        with open(model, 'wb') as f:
            f.write(self.bytes())
        files = {}
        for name, value in (self.feed or {'unused': np.zeros(1, np.float32)}).items():
            files[name] = os.path.join(folder, name + '.npy')
            np.save(files[name], value)
        inputs = os.path.join(folder, 'inputs.json')
        with open(inputs, 'w') as f:
            json.dump(files, f)
        return ['predict', model, '--inputs', inputs, '--output-dir',
                os.path.join(folder, 'out')]

    def predict(self, tool, folder, timeout=600):
        """The outputs of the network: {name: array}."""
        try:
            done = subprocess.run([tool] + self.write(folder), capture_output=True,
                                  timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Refused('took more than %d seconds' % timeout)
        if done.returncode:
            raise Refused('exit code %d: %s' % (done.returncode,
                          done.stderr.decode('utf-8', 'replace').strip()[:400]))
        out = os.path.join(folder, 'out')
        with open(os.path.join(out, 'outputs.json')) as f:
            return {name: np.load(os.path.join(out, value['file']))
                    for name, value in json.load(f).items()}

    def problems(self, tool, folder):
        """Predicts; returns {number: what is wrong} of the cases that are not right."""
        outputs = self.predict(tool, folder)
        found = {}
        for number, case in self.cases.items():
            for i in range(len(case.expected)):
                problem = case.problem(i, outputs['y%d_%d' % (number, i)], self.legacy)
                if problem:
                    found.setdefault(number, 'output %d: %s' % (i, problem))
        return found
