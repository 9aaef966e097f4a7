#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what a task needs and this machine lacks, and says so. Does nothing, fast, when all is there.
#
#   packaging/bootstrap.sh GROUP...      build | demo | interop | package | box
#
# Debian's packages come through apt (sudo only when not root), libtorrent's Python binding from PyPI into a virtual
# environment of the project's own (.build/interop-venv). Nothing else on the machine is touched.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${SWARM_INTEROP_VENV:-$root/.build/interop-venv}
libtorrent=libtorrent==2.1.1
swift_needed=6.3

build_packages=(libsystemd-dev zlib1g-dev libsqlite3-dev libtomlplusplus-dev libhiredis-dev libminiupnpc-dev
    libnatpmp-dev pkg-config binutils)
interop_packages=(iproute2 transmission-daemon transmission-cli aria2 redis-server python3 python3-venv)
demo_packages=(python3)
package_packages=(debhelper dpkg-dev lintian man-db python3)
box_packages=(mmdebstrap systemd-container)

say() { printf 'bootstrap: %s\n' "$*"; }
fail() { printf 'bootstrap: error: %s\n' "$*" >&2; exit 1; }

may_install() { [[ $EUID -eq 0 ]] || command -v sudo >/dev/null; }

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

as_root() {
    if [[ $EUID -eq 0 ]]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "need root for: $* (run this as root, or install sudo)"
    fi
}

# Installing a daemon must not start it: a policy that says no, for the length of the installation.
guard=/usr/sbin/policy-rc.d
guard_made=

raise_guard() {
    [[ -e $guard ]] && return
    printf '#!/bin/sh\nexit 101\n' | as_root install -m 0755 /dev/stdin "$guard"
    guard_made=yes
}

lower_guard() {
    [[ -n $guard_made ]] || return 0
    guard_made=
    as_root rm -f "$guard"
}
trap lower_guard EXIT

apt_packages() {
    local missing=() package
    for package in "$@"; do installed "$package" || missing+=("$package"); done
    [[ ${#missing[@]} -eq 0 ]] && return
    if [[ $group == interop ]] && ! may_install; then
        say "lacking, and not to be installed without root: ${missing[*]}. The cases that need them will be skipped"
        return
    fi
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}. This is no Debian: install them by hand, then go on"
    say "installing with apt: ${missing[*]}"
    raise_guard
    [[ -n ${updated:-} ]] || as_root apt-get update -qq
    updated=yes
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null \
        || fail "apt could not install: ${missing[*]}"
    lower_guard
    for package in "${missing[@]}"; do
        if [[ $package == transmission-daemon && -d /run/systemd/system ]]; then
            say "keeping transmission's own service off"
            as_root systemctl disable --now transmission-daemon.service >/dev/null 2>&1 || true
        fi
    done
}

need_swift() {
    command -v swift >/dev/null || fail "swift is not in PATH. Install the Swift $swift_needed toolchain or newer for Linux" \
        "(https://www.swift.org/install/linux) and put its usr/bin into PATH"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [[ $(printf '%s\n%s\n' "$swift_needed" "${version:-0}" | sort -V | head -n 1) == "$swift_needed" ]] \
        || fail "swift is ${version:-of unknown version}, but $swift_needed or newer is needed ($(command -v swift))"
}

interop_venv() {
    "$venv/bin/python" -c 'import libtorrent' 2>/dev/null && return
    local python=python3
    "$python" -c 'import venv, ensurepip' 2>/dev/null || python=/usr/bin/python3
    say "installing $libtorrent from PyPI into $venv"
    rm -rf "$venv"
    if ! { "$python" -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "$libtorrent"; }; then
        rm -rf "$venv"
        say "libtorrent is not to be had here: the cases with libtorrent will be skipped"
    fi
}

[[ $# -gt 0 ]] || fail "which group? build, demo, interop, package or box"
for group in "$@"; do
    case $group in
        build) need_swift; apt_packages "${build_packages[@]}" ;;
        demo) apt_packages "${demo_packages[@]}" ;;
        interop) apt_packages "${interop_packages[@]}"; interop_venv ;;
        package) apt_packages "${package_packages[@]}" ;;
        box) apt_packages "${box_packages[@]}" ;;
        *) fail "unknown group '$group': build, demo, interop, package or box" ;;
    esac
done
