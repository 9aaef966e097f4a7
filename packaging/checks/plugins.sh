#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# plugins.sh [BIN]: whether plugins can be written as the guide says. Each header stands alone in C11 and C++11, and the
# example in C compiles without a warning, with every compiler that is here. With BIN, a folder of swarmd: the plugin kit,
# installed somewhere else, builds the guide's plugins in Swift, Embedded and full, and swarmd loads all of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${1:+$(cd "$1" && pwd)}
headers=Sources/CSwarmPlugin/include
strict=(-Wall -Wextra -pedantic -Werror)
broken=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { printf 'check: %s\n' "$*"; }
bad() { printf 'check: error: %s\n' "$*"; broken=1; }

used=()
for compiler in gcc clang g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    used+=("$compiler")
    case $compiler in *++) language=(-x c++ -std=c++11) ;; *) language=(-x c -std=c11) ;; esac
    for header in "$headers"/*.h; do
        printf '#include "%s"\n' "$(basename "$header")" |
            "$compiler" "${language[@]}" "${strict[@]}" -fsyntax-only -I"$headers" - ||
            bad "$header does not compile alone with $compiler ${language[*]}"
    done
    [[ $compiler == *++ ]] ||
        make -s -B -C Plugins/Example-C CC="$compiler" CFLAGS="-O2 ${strict[*]}" HEADERS="$PWD/$headers" \
            backwards.so || bad "Plugins/Example-C does not compile with $compiler"
done
((${#used[@]})) || bad "no C compiler is here"
exported=$(nm -D --defined-only Plugins/Example-C/backwards.so | awk '{ print $NF }' | grep -v -E '^_(_bss_start|edata|end)$' | xargs)
[[ $exported == swarm_plugin_entry ]] || bad "the example in C exports '$exported', must export swarm_plugin_entry alone"
mv Plugins/Example-C/backwards.so "$work/backwards.so"
((broken)) || ok "plugin headers and the example in C: ${used[*]}"

# swift_block NUMBER: that block of Swift of the guide, the first is 1.
swift_block() {
    awk -v number="$1" '$0 == "```swift" { inside = ++count == number; next } /^```/ { inside = 0 } inside' \
        packaging/doc/writing-a-plugin.md
}

load() {
    answer=$("$bin/swarmd" --probe-plugin "$1" | xargs)
    [[ $answer == "ready sound" ]] && ok "$(basename "$1"): $(stat -c %s "$1") bytes, swarmd loads it" ||
        bad "swarmd does not load $1: $answer"
}

if [[ -n $bin ]]; then
    packaging/plugin-kit/install.sh "$work/kit" >/dev/null
    for kind in "Forwards SwarmPluginKit strategy 1" "ForwardsFull SwarmPluginKitFull fullStrategy 1" \
        "Veil SwarmPluginKit strategy 2" "VeilFull SwarmPluginKitFull fullStrategy 2"; do
        read -r name kit target number <<<"$kind"
        mkdir "$work/kit/Plugins/$name"
        swift_block "$number" | sed "s/^import SwarmPluginKit\$/import $kit/" >"$work/kit/Plugins/$name/$name.swift"
        sed -i -e "s/^    products: \[/&\n        .library(name: \"${name,,}\", type: .dynamic, targets: [\"$name\"]),/" \
            -e "s/^        strategy(\"RarestFirst\"),/        $target(\"$name\"),\n&/" "$work/kit/Package.swift"
    done
    if swift build --package-path "$work/kit" -c release --disable-local-rpath -Xswiftc -no-toolchain-stdlib-rpath \
        >"$work/log" 2>&1; then
        for plugin in "$work"/kit/.build/release/lib*.so "$work/backwards.so"; do load "$plugin"; done
    else
        grep -E 'error|warning' "$work/log" | head -20
        bad "the plugin kit does not build where it is installed"
    fi
fi
exit "$broken"
