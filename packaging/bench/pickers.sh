#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pickers.sh FOLDER: what a pick costs with each picker built there, by the numbers of pieces and peers. See pickers.c.
set -euo pipefail
bin=${1:?usage: pickers.sh FOLDER}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(mktemp)
trap 'rm -f "$program"' EXIT
compiler=cc
command -v cc >/dev/null || compiler=clang
"$compiler" -std=gnu11 -O2 -I"$here/../../Sources/CSwarmPlugin/include" "$here/pickers.c" -o "$program" -ldl
"$program" "$bin"/libswarm_picker_{rarest_first,sequential,deadline,random}.so
