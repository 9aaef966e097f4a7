#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deb.sh BUILD_DIR: makes the Debian packages of what is built there, in BUILD_DIR/deb.
#
# The tree has no folder `debian`: a staging folder gets one, from packaging/debian. SWARM_DEB_VERSION puts an entry of that
# version before the changelog's, for trying an upgrade; SWARM_DEB_OUTPUT is another folder for the result.
set -euo pipefail

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
output=${SWARM_DEB_OUTPUT:-$build/deb}
staging=$(mktemp -d "$build/deb-staging.XXXXXX")
trap 'rm -rf "$staging"' EXIT

mkdir "$staging/swarm"
cp -r "$tree/packaging/debian" "$staging/swarm/debian"
cd "$staging/swarm"

if [[ -n ${SWARM_DEB_VERSION:-} ]]; then
    { printf 'swarm (%s) unstable; urgency=medium\n\n  * The same programs under another version.\n\n' "$SWARM_DEB_VERSION"
      sed -n '/^ -- /{p;q}' debian/changelog
      echo
      cat "$tree/packaging/debian/changelog"
    } >debian/changelog.new
    mv debian/changelog.new debian/changelog
fi

version=$(dpkg-parsechangelog -S Version)
echo "deb: making packages of version $version"
export SWARM_TREE=$tree SWARM_BUILD=$build
unset MAKEFLAGS MFLAGS MAKELEVEL BUILD_DIR DESTDIR PREFIX
if ! dpkg-buildpackage -b -us -uc >"$staging/log" 2>&1; then
    tail -n 40 "$staging/log" >&2
    echo "deb: error: dpkg-buildpackage failed; the end of its log is above" >&2
    exit 1
fi
grep -E '^dpkg-\w+: warning|^dh\w*: (warning|error)' "$staging/log" || true
mkdir -p "$output"
rm -f "$output"/*.deb "$output"/*.changes "$output"/*.buildinfo
cd "$staging"
for file in *.deb *.changes *.buildinfo; do
    mv "$file" "$output/"
done
for file in "$output"/*.deb; do
    echo "deb: $file ($(stat -c %s "$file") bytes)"
done
