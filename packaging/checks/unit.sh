#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# unit.sh DIR [TARGET...]: runs the unit tests that were built into DIR, each test target in a process of its own.
#
# All in one process start at once, a thousand of them; those that compute then starve those that talk over sockets until
# connections end for want of a word. One target after another is also quicker to read when something fails.
#
# SWARM_PRELOAD is a library to load before the tests (`make shake`).
# SWARM_ATTEMPTS=2 gives a target that fails a second run, and names it unstable if that passes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program=$1/swarmPackageTests.xctest
shift
[ -x "$program" ] || { echo "unit: $program is missing; run 'make unit'" >&2; exit 2; }
targets=("$@")
[ $# -gt 0 ] || for folder in Tests/*Tests; do targets+=("$(basename "$folder")"); done

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# attempt TARGET: runs its tests once and says how that went.
attempt() {
    local status=0
    LD_PRELOAD=${SWARM_PRELOAD:-} "$program" --testing-library swift-testing --filter "^$1\\." >"$log" 2>&1 || status=$?
    if [ $status != 0 ]; then
        echo "$1: FAILED (exit $status)"
        grep -v -e '^◇' -e '^✔' "$log" | tail -100
        return 1
    fi
    if grep -q 'Test run with 0 tests' "$log"; then
        echo "unit: $1 has no tests that run" >&2
        return 1
    fi
    echo "$1: $(grep -o 'Test run with .*' "$log" | tail -1)"
    grep -h ' skipped' "$log" | sed 's/^/  /' || true
}

failed=()
unstable=()
for target in "${targets[@]}"; do
    attempts=1
    until attempt "$target"; do
        if [ $attempts -ge "${SWARM_ATTEMPTS:-1}" ]; then
            failed+=("$target")
            continue 2
        fi
        attempts=$((attempts + 1))
    done
    [ $attempts = 1 ] || unstable+=("$target")
done
[ ${#unstable[@]} -eq 0 ] || echo "unit: UNSTABLE, passed on another run: ${unstable[*]}" >&2
[ ${#failed[@]} -eq 0 ] || { echo "unit: FAILED in ${failed[*]}" >&2; exit 1; }
