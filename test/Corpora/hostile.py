#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `mlmodel info --verify` and `mlmodel predict` over malformed models.

    hostile.py --tool build/bin/mlmodel --corpus DIR

DIR/manifest.json says of each file what must happen: "accept", "reject",
"reject-limit" or "no-crash". A crash, a sanitizer report or more than 10 seconds
(60 for a prediction, which compiles) fails in any case. A prediction gets random
inputs, and limits for its loops; it may refuse what is accepted, with an exit code
that says why, but must not run what is rejected.
"""
import argparse
import json
import os
import subprocess
import sys

SKIPPED = 77
LIMITS = ['--max-loop-iterations', '1000', '--deadline', '5']


class Crash(Exception):
    pass


def run(arguments, seconds):
    """Exit code, and what went to the two streams."""
    try:
        done = subprocess.run(arguments, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Crash('%s took more than %d seconds' % (arguments[1], seconds))
    code, text = done.returncode, done.stderr.decode('utf-8', 'replace')
    if code < 0 or code >= 128 or 'Sanitizer' in text or 'runtime error' in text:
        raise Crash('%s crashed (%d): %.200s' % (arguments[1], code, text))
    return code, done.stdout, text


def predict(tool, path, patience):
    """Predicts with random inputs; nothing if the model cannot even be described."""
    code, described, _ = run([tool, 'info', '--json', path], 10 * patience)
    if code:
        return None, ''
    arguments = [tool, 'predict', path] + LIMITS
    for feature in json.loads(described)['inputs']:
        value = 'a' if 'string' in feature['type'] else 'random:1'
        arguments += ['--input', '%s=%s' % (feature['name'], value)]
    if '\0' in ''.join(arguments):
        return None, ''
    code, _, text = run(arguments, 60 * patience)
    return code, text


def judge(tool, path, expect, patience):
    """Returns what went wrong, or nothing; and whether a prediction ran."""
    try:
        code, _, text = run([tool, 'info', '--verify', path], 10 * patience)
        if expect == 'accept' and code != 0:
            return 'refused (%d): %.200s' % (code, text), False
        if expect.startswith('reject') and code == 0:
            return 'accepted', False
        if expect.startswith('reject') and not text.strip():
            return 'refused without a message', False
        code, text = predict(tool, path, patience)
    except Crash as crash:
        return str(crash), False
    if expect.startswith('reject') and code == 0:
        return 'predicted', True
    if code and not text.strip():
        return 'not predicted (%d), without a message' % code, False
    return None, code == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    parser.add_argument('--corpus', required=True)
    parser.add_argument('--patience', type=int, default=1,
                        help='factor of all time limits, for a slow build')
    options = parser.parse_args()
    manifest = os.path.join(options.corpus, 'manifest.json')
    if not os.path.exists(manifest):
        print('skipped: no corpus at', options.corpus)
        return SKIPPED
    passed, predicted, failed = 0, 0, []
    for entry in json.load(open(manifest)):
        path = os.path.join(options.corpus, entry['file'])
        problem, ran = judge(options.tool, path, entry['expect'],
                             options.patience)
        predicted += ran
        if problem:
            failed.append('%s (%s: %s): %s' % (entry['file'], entry['expect'],
                                               entry['must'], problem))
        else:
            passed += 1
    print('\n'.join(failed))
    print('%d passed, %d failed; %d predicted something' % (
        passed, len(failed), predicted))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
