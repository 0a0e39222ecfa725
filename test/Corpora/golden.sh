#!/usr/bin/env bash
# Compares with all golden vectors of quantizers and packers, and prints how many
# there are of each verdict. Exit code 77 where there are none.
#
# usage: golden.sh COMPRESSION_TESTS
set -euo pipefail
out=$("$1" --gtest_filter=Golden.AllVectors) && status=0 || status=$?
printf '%s\n' "$out"
if grep -q SKIPPED <<<"$out"; then
  exit 77
fi
exit "$status"
