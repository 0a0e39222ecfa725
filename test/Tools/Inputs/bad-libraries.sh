#!/bin/sh
# bad-libraries.sh CC INCLUDE INPUTS DIR: runs DIR/net.mlmodel with all cases of
# BadLibrary.c; case 0 is no library at all.
cc=$1 include=$2 inputs=$3 dir=$4
for case in $(seq 0 20); do
  library=$dir/bad$case.so
  [ "$case" = 0 ] ||
    $cc -shared -fPIC -w -DCASE="$case" -I "$include" "$inputs/BadLibrary.c" \
        -o "$library" || exit 1
  message=$(mlmodel predict "$dir/net.mlmodel" --input "x=$dir/x.npy" \
                --custom-library "$library" 2>&1)
  echo "case $case: exit code $?: $message"
done
