#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# binaries.sh FOLDER: rules of what is shipped. Prints what was found where; exit 1 if a rule is broken.
set -euo pipefail
bin=${1:?usage: binaries.sh FOLDER}
limit=37000000
plugin_limit=40000
broken=0

ok() { printf 'check: %s\n' "$*"; }
bad() { printf 'check: error: %s\n' "$*"; broken=1; }
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

[[ -x $bin/swarmd ]] || { bad "$bin/swarmd is not there: build first (make)"; exit 1; }

stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT

for program in swarmd swarmctl swarm-trackerd; do
    strip -o "$stripped" "$bin/$program"
    bytes=$(stat -c %s "$stripped")
    if ((bytes < limit)); then ok "$program: $bytes bytes stripped (limit $limit)"
    else bad "$bin/$program: $bytes bytes stripped, must stay under $limit: does something import Foundation?"
    fi
    swift_libraries=$(needed "$bin/$program" | grep -E '^lib(swift|_?Foundation|dispatch|BlocksRuntime)' | xargs || true)
    [[ -z $swift_libraries ]] || bad "$bin/$program needs $swift_libraries: link it with --static-swift-stdlib"
    if nm "$bin/$program" | grep -q -E ' [Tt] (_?swift_)?u(data|loc|ext)_[a-zA-Z]+'; then
        bad "$bin/$program contains ICU, so something imports the full Foundation"
    fi
    readelf -d "$bin/$program" | grep -q -E 'BIND_NOW|FLAGS.* NOW' || bad "$bin/$program lacks full RELRO (-z now)"
done

plugins=("$bin"/libswarm_picker_*.so "$bin"/libswarm_choker_*.so "$bin"/libswarm_transport_*.so)
for plugin in "${plugins[@]}"; do
    [[ -e $plugin ]] || { bad "$plugin: no such plugin was built"; continue; }
    so_far=$broken broken=0
    exported=$(nm -D --defined-only --extern-only "$plugin" | awk '{ print $NF }' | xargs)
    [[ $exported == swarm_plugin_entry ]] || bad "$plugin exports '$exported', must export swarm_plugin_entry alone"
    others=$(needed "$plugin" | grep -v -E '^(libc\.so\.|ld-linux)' | xargs || true)
    [[ -z $others ]] || bad "$plugin needs $others: libc alone is allowed"
    if readelf -d "$plugin" | grep -q -E '\((RPATH|RUNPATH)\)'; then
        bad "$plugin carries a library search path: $(readelf -d "$plugin" | sed -n 's/.*\(R.*PATH\).*\[\(.*\)\]/\2/p')"
    fi
    strip -o "$stripped" "$plugin"
    bytes=$(stat -c %s "$stripped")
    ((bytes < plugin_limit)) || bad "$plugin: $bytes bytes stripped, must stay under $plugin_limit"
    ((broken)) || ok "$(basename "$plugin"): $bytes bytes stripped, one symbol, libc only"
    ((broken |= so_far, 1))
done
exit "$broken"
