#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# install-documents.sh BIN MAN SHARE: manual pages, descriptions and shell completion, below SHARE.
set -euo pipefail
bin=$1 man=$2 share=$3
here=$(dirname "${BASH_SOURCE[0]}")

place() { install -D -m 0644 "$1" "$2" && echo "install $2"; }

for page in "$man"/*.[0-9]; do
    place "$page" "$share/man/man${page##*.}/$(basename "$page")"
done
for text in "$here"/doc/*.md; do
    place "$text" "$share/doc/swarm/$(basename "$text")"
done
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
while read -r shell file; do
    "$bin/swarmctl" completion "$shell" | sed '1{/^#!/d}' >"$fresh" # it is read, never run
    place "$fresh" "$share/$file"
done <<'END'
bash bash-completion/completions/swarmctl
zsh zsh/vendor-completions/_swarmctl
fish fish/vendor_completions.d/swarmctl.fish
END
