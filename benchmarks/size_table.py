#!/usr/bin/env python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The size of compressed files beside what their bits must take.

    benchmarks/size_table.py build/bin/mlmodel net.mlmodel 32,16,8,4,3,2

Must be: the file without the compressed weights, plus bits * values / 8, plus a
float32 for each entry of a table and each scale and bias. Fails if a file is off by
more than 1 %. 32 means the file as it is.
"""
import json
import math
import os
import subprocess
import sys
import tempfile


def measure(tool, model, method, bits, folder):
    out = os.path.join(folder, 'out.mlmodel')
    flag = '--quantize' if method == 'linear' or bits == 16 else '--palettize'
    report = json.loads(subprocess.run(
        [tool, 'compress', model, '-o', out, flag, str(bits), '--json', '--quiet'],
        check=True, capture_output=True, text=True).stdout)
    must = report['file_bytes_before'] - report['weight_bytes_before']
    for entry in report['weights']:
        values = math.prod(entry['shape'])
        must += math.ceil(entry['bits'] * values / 8)
        if bits == 16:
            continue
        must += 4 * (1 << bits if flag == '--palettize' else 2 * entry['shape'][0])
    return report['file_bytes_after'], must


def main():
    if len(sys.argv) != 4:
        sys.exit('usage: size_table.py TOOL MODEL BITS,...')
    tool, model, widths = sys.argv[1], sys.argv[2], sys.argv[3].split(',')
    name = os.path.splitext(os.path.basename(model))[0]
    is_bad = False
    with tempfile.TemporaryDirectory() as folder:
        for bits in map(int, widths):
            if bits == 32:
                print(f'| {name} | 32 | | {os.path.getsize(model):,} | | |')
                continue
            for method in ('float16',) if bits == 16 else ('linear', 'kmeans'):
                size, must = measure(tool, model, method, bits, folder)
                off = 100 * (size / must - 1)
                is_bad |= abs(off) > 1
                print(f'| {name} | {bits} | {method} | {size:,} | {must:,} | '
                      f'{off:+.3f} % |')
    sys.exit(is_bad)


if __name__ == '__main__':
    main()
