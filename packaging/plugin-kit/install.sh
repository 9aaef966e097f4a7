#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# install.sh FOLDER: what strategy plugins in Embedded Swift are made with, as a package that builds where it is copied to.
set -euo pipefail
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$here/../.." && pwd)

(cd "$tree" && find Sources/CSwarmPlugin Sources/CAES Sources/SwarmPluginKit Plugins -type f -print0 | sort -z) |
    while IFS= read -r -d '' file; do
        install -D -m 0644 "$tree/$file" "$folder/$file"
    done
ln -sfn SwarmPluginKit "$folder/Sources/SwarmPluginKitFull"
install -m 0644 "$here/Package.swift" "$here/README.md" "$folder/"
echo "install $folder"
