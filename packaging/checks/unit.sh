#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# unit.sh DIR [TARGET...]: runs the unit tests that were built into DIR, each test target in a process of its own.
#
# All in one process start at once, a thousand of them; those that compute then starve those that talk over sockets until
# connections end for want of a word. One target after another is also quicker to read when something fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program=$1/swarmPackageTests.xctest
shift
[ -x "$program" ] || { echo "unit: $program is missing; run 'make unit'" >&2; exit 2; }
targets=("$@")
[ $# -gt 0 ] || for folder in Tests/*Tests; do targets+=("$(basename "$folder")"); done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()
for target in "${targets[@]}"; do
    status=0
    "$program" --testing-library swift-testing --filter "^$target\\." >"$log" 2>&1 || status=$?
    if [ $status = 0 ]; then
        if grep -q 'Test run with 0 tests' "$log"; then
            echo "unit: $target has no tests that run" >&2
            failed+=("$target")
            continue
        fi
        echo "$target: $(grep -o 'Test run with .*' "$log" | tail -1)"
        grep -h ' skipped' "$log" | sed 's/^/  /' || true
    else
        failed+=("$target")
        echo "$target: FAILED (exit $status)"
        grep -v -e '^◇' -e '^✔' "$log" | tail -100
    fi
done
[ ${#failed[@]} -eq 0 ] || { echo "unit: FAILED in ${failed[*]}" >&2; exit 1; }
