#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pages.sh BIN FOLDER: the manual pages. Those of the configuration files and of the control protocol are made of what the
# programs and the full description say; the others are as they are.
set -euo pipefail
bin=$1 folder=$2
here=$(dirname "${BASH_SOURCE[0]}")

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cp "$here"/*.[0-9] "$fresh/"
"$bin/swarmd" --print-default-config | "$here/configuration-page.py" "$here/swarmd.toml.5.in" >"$fresh/swarmd.toml.5"
"$bin/swarm-trackerd" --print-default-config |
    "$here/configuration-page.py" "$here/trackerd.toml.5.in" >"$fresh/trackerd.toml.5"
"$here/control-page.py" "$here/swarm-control.7.in" "$here/../doc/control-protocol.md" >"$fresh/swarm-control.7"
rm -rf "$folder"
mkdir -p "$folder"
cp "$fresh"/* "$folder/"
