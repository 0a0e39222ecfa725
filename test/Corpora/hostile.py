#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `mlmodel info --verify` over a folder of malformed models.

    hostile.py --tool build/bin/mlmodel --corpus DIR

DIR/manifest.json says of each file what must happen: "accept", "reject",
"reject-limit" or "no-crash". A crash, a sanitizer report or more than 10 seconds
fails in any case.
"""
import argparse
import json
import os
import subprocess
import sys

SKIPPED = 77


def run(arguments):
    try:
        done = subprocess.run(arguments, capture_output=True, timeout=10)
    except subprocess.TimeoutExpired:
        return None, 'took more than 10 seconds'
    return done.returncode, done.stderr.decode('utf-8', 'replace')


def judge(tool, path, expect):
    """Returns what went wrong, or nothing."""
    code, text = run([tool, 'info', '--verify', path])
    if code is None:
        return text
    if code < 0 or code >= 128 or 'Sanitizer' in text or 'runtime error' in text:
        return 'crashed (%d): %.200s' % (code, text)
    if expect == 'accept' and code != 0:
        return 'refused (%d): %.200s' % (code, text)
    if expect.startswith("reject") and code == 0:
        return "accepted"
    if expect.startswith('reject') and not text.strip():
        return 'refused without a message'
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tool', required=True)
    parser.add_argument('--corpus', required=True)
    options = parser.parse_args()
    manifest = os.path.join(options.corpus, 'manifest.json')
    if not os.path.exists(manifest):
        print('skipped: no corpus at', options.corpus)
        return SKIPPED
    passed, failed = 0, []
    for entry in json.load(open(manifest)):
        path = os.path.join(options.corpus, entry['file'])
        problem = judge(options.tool, path, entry['expect'])
        if problem:
            failed.append('%s (%s: %s): %s' % (entry['file'], entry['expect'],
                                               entry['must'], problem))
        else:
            passed += 1
    print('\n'.join(failed))
    print('%d passed, %d failed' % (passed, len(failed)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
