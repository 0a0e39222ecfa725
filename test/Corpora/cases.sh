#!/usr/bin/env bash
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: cases.sh TOOL SHARED_DIR CASES [options of run_conformance.py]
#
# Runs recorded cases below SHARED_DIR/CASES; exit code 77 (skipped) where the
# corpora are absent.
set -uo pipefail
tool=$1 shared=$2 cases=$3
shift 3
if [ ! -f "$shared/bench/run_conformance.py" ] || [ ! -d "$shared/$cases" ]; then
  echo "skipped: no cases at $shared/$cases"
  exit 77
fi
exec /usr/bin/python3 "$shared/bench/run_conformance.py" --tool "$tool" \
  --cases "$shared/$cases" "$@"
