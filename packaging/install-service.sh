#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# install-service.sh BIN ROOT UNITS: units, user and message catalogue below ROOT (DESTDIR with PREFIX) and in UNITS.
# PREFIX says where the programs will be.
set -euo pipefail
bin=$1 root=$2 units=$3
here=$(dirname "${BASH_SOURCE[0]}")

place() { install -D -m 0644 "$1" "$2" && echo "install $2"; }

for unit in "$here"/systemd/*.{service,socket,target}; do
    fresh=$(mktemp)
    sed "s|/usr/bin/swarm|${PREFIX:-/usr}/bin/swarm|g" "$unit" >"$fresh"
    place "$fresh" "$units/$(basename "$unit")"
    rm -f "$fresh"
done
place "$here/systemd/swarm.sysusers" "$root/lib/sysusers.d/swarm.conf"
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
"$bin/swarmd" --print-message-catalog >"$fresh"
place "$fresh" "$root/lib/systemd/catalog/swarm.catalog"
