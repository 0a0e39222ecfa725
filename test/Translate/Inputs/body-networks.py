# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes loops whose networks have more than MLIR text can say.

body-networks.py DIR: condition.mlmodel, mapping.mlmodel, preprocessing.mlmodel
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../Properties'))
import schema

FORMAT = schema.Schema(os.path.join(os.path.dirname(__file__), '../../../proto'))


def layer(name, kind, inputs, outputs, **params):
    return {'name': name, 'input': inputs, 'output': outputs, kind: params}


def write(path, body):
    """x + 1 while x < 5; `body` is the network that adds."""
    condition = [layer('test', 'lessThan', ['y'], ['goes'], alpha=5.0)]
    loop = layer('loop', 'loop', [], [], conditionVar='goes',
                 conditionNetwork={'layers': condition}, bodyNetwork=body)
    array = {'multiArrayType': {'dataType': 'FLOAT32', 'shape': [1]}}
    model = {'specificationVersion': 4,
             'description': {'input': [{'name': 'x', 'type': array}],
                             'output': [{'name': 'y', 'type': array}]},
             'neuralNetwork': {'layers': [layer('copy', 'copy', ['x'], ['y']), loop],
                               'arrayInputShapeMapping': 'EXACT_ARRAY_MAPPING'}}
    with open(path, 'wb') as file:
        file.write(FORMAT.encode('Model', model))


folder = sys.argv[1]
one = {'layers': [layer('more', 'add', ['y'], ['y'], alpha=1.0)]}
write(folder + '/condition.mlmodel',
      {'layers': [layer('more', 'addBroadcastable', ['y', 'goes'], ['y'])]})
write(folder + '/mapping.mlmodel', dict(one, arrayInputShapeMapping='EXACT_ARRAY_MAPPING'))
write(folder + '/preprocessing.mlmodel',
      dict(one, preprocessing=[{'featureName': 'x', 'scaler': {'channelScale': 2.0}}]))
