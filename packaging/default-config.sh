#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# default-config.sh PROGRAM FILE: writes the program's default configuration to FILE. A FILE that is there already stays;
# where it differs, the new default goes beside it as FILE.new.
set -euo pipefail
program=$1 file=$2
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
"$program" --print-default-config >"$fresh"
if [[ ! -e $file ]]; then
    echo "install $file"
    install -m 0644 "$fresh" "$file"
elif ! cmp -s "$fresh" "$file"; then
    echo "keep $file (yours differs from the default, which is in $file.new)"
    install -m 0644 "$fresh" "$file.new"
fi
