# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes messages of the format, with the field numbers of proto/*.proto.

A message is a dictionary: {field: value}. Repeated fields take lists or arrays,
enums take the name of a value. That is all a test needs, so it depends on no
protobuf package.
"""
import os
import re

import numpy as np

TOKEN = re.compile(r'//[^\n]*|"[^"]*"|\w+(?:\.\w+)*|[{}=;<>,]')
FIXED = {'float': ('<f4', 5), 'double': ('<f8', 1)}
VARINT = ('uint64', 'int64', 'uint32', 'int32', 'bool')


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


FILES = ('DataStructures', 'FeatureTypes', 'Model', 'NeuralNetwork', 'Parameters')


class Schema:
    """The messages and enums of neural networks, from a folder of .proto files."""

    def __init__(self, folder):
        self.messages, self.enums = {}, {}
        for name in FILES:
            with open(os.path.join(folder, name + '.proto')) as f:
                tokens = [t for t in TOKEN.findall(f.read())
                          if not t.startswith('//')]
            self._scope(tokens, 0, '')

    def fields(self, message):
        return self.messages[message]

    # ---- reading .proto
    def _scope(self, tokens, i, scope):
        """Reads definitions up to the closing brace; returns what follows it."""
        while i < len(tokens) and tokens[i] != '}':
            if tokens[i] == 'message':
                name = scope + tokens[i + 1]
                self.messages[name] = {}
                i = self._scope(tokens, i + 3, name + '.')
            elif tokens[i] == 'enum':
                i = self._enum(tokens, i + 3, scope + tokens[i + 1])
            elif tokens[i] == 'oneof':
                i = self._scope(tokens, i + 3, scope)
            elif tokens[i] in ('syntax', 'package', 'import', 'option', 'reserved'):
                i = tokens.index(';', i) + 1
            else:
                i = self._field(tokens, i, scope)
        return i + 1

    def _enum(self, tokens, i, name):
        self.enums[name] = values = {}
        while tokens[i] != '}':
            end = tokens.index(';', i)
            if tokens[i] not in ('reserved', 'option'):
                values[tokens[i]] = int(tokens[i + 2])
            i = end + 1
        return i + 1

    def _field(self, tokens, i, scope):
        end = tokens.index(';', i)
        part = tokens[i:end]
        at = part.index('=')
        name, kind = part[at - 1], part[at - 2]
        if part[0] == 'map':
            # map < KEY , VALUE > is short for a repeated message of the two.
            kind = name + 'Entry'
            self.messages[scope + kind] = {'key': (part[2], 1, False),
                                           'value': (part[4], 2, False)}
        self.messages[scope[:-1]][name] = (
            kind, int(part[at + 1]), part[0] in ('repeated', 'map'))
        return end + 1

    def _resolve(self, kind, scope):
        """A type's full name, looked up from the message that uses it outwards."""
        kind = kind.replace('CoreML.Specification.', '')
        while True:
            name = scope + '.' + kind if scope else kind
            if name in self.messages or name in self.enums:
                return name
            if not scope:
                raise KeyError(kind)
            scope = scope.rpartition('.')[0]

    # ---- writing messages
    def encode(self, message, value):
        fields = self.messages[message]
        out = bytearray()
        for name in sorted(value, key=lambda field: fields[field][1]):
            kind, number, repeated = fields[name]
            values = value[name] if repeated else [value[name]]
            if repeated and kind in FIXED:
                data = np.asarray(values, FIXED[kind][0]).tobytes()
                out += varint(number << 3 | 2) + varint(len(data)) + data
            elif repeated and kind in VARINT:
                data = b''.join(varint(int(v)) for v in values)
                out += varint(number << 3 | 2) + varint(len(data)) + data
            else:
                for v in values:
                    out += self._single(message, kind, number, v)
        return bytes(out)

    def _single(self, message, kind, number, value):
        if kind in FIXED:
            code, wire = FIXED[kind]
            return varint(number << 3 | wire) + np.asarray(value, code).tobytes()
        if kind in VARINT:
            return varint(number << 3) + varint(int(value))
        if kind not in ('string', 'bytes'):
            kind = self._resolve(kind, message)
            if kind in self.enums:
                return varint(number << 3) + varint(self.enums[kind][value])
            value = self.encode(kind, value)
        data = value.encode() if isinstance(value, str) else bytes(value)
        return varint(number << 3 | 2) + varint(len(data)) + data
