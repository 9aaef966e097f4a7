#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the manual pages against the programs, and the pages and completion scripts against those who read them.

    documents.py --bin FOLDER --man FOLDER

Every command and option that a program's help names must be in its page, and nothing else; every key of a configuration
must be in the page of its file. Prints each finding; exit 1 if there is one.
"""
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

EVERYWHERE = {"--help"}


def output(*command: str, **more) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, **more).stdout


def options(text: str) -> set[str]:
    """The long options that a help text lists."""
    lines = [line for line in text.splitlines() if re.match(r"  (-\w, )?-", line)]
    return {option for line in lines for option in re.findall(r"(?<![\w-])--[a-z0-9][a-z0-9-]*", line[:40])} - EVERYWHERE


def commands(text: str) -> list[str]:
    return re.findall(r"^  ([a-z]+) ", text.split("SUBCOMMANDS:", 1)[-1], re.M)


def page_options(source: str) -> set[str]:
    """The long options of a page's source, wherever the macro Fl stands before one."""
    return {"-" + name for name in re.findall(r"\bFl (-[a-z0-9][a-z0-9-]*)", source)} - EVERYWHERE


def compare(page: Path, what: str, wanted: set[str], found: set[str]) -> Iterator[str]:
    for name in sorted(wanted - found):
        yield f"{page.name}: {what} {name} is missing"
    for name in sorted(found - wanted):
        yield f"{page.name}: there is no {what} {name}"


def check_daemon(program: Path, page: Path) -> Iterator[str]:
    yield from compare(page, "option", options(output(str(program), "--help")), page_options(page.read_text()))


def check_swarmctl(program: Path, page: Path) -> Iterator[str]:
    """Command by command: the page's entry `.It Ic NAME` runs to the next, and may borrow the options of another."""
    source = page.read_text()
    entries: dict[str, str] = {}
    for part in re.split(r"^\.It Ic ", source.split(".Sh COMMANDS", 1)[1].split("\n.Sh ", 1)[0], flags=re.M)[1:]:
        entries[re.match(r"\w+", part)[0]] = part
    names = set(commands(output(str(program), "--help"))) | {"help"}
    yield from compare(page, "command", names, set(entries))
    general = {"--socket", "--json"}
    for name in sorted(names & set(entries) - {"help"}):
        described = page_options(entries[name])
        for other in re.findall(r"^\.Ic (\w+)[ ,.]*$", entries[name], re.M):
            if "The options are those of" in entries[name]:
                described |= page_options(entries.get(other, ""))
        wanted = options(output(str(program), name, "--help")) - general
        for option in sorted(wanted - described):
            yield f"{page.name}: option {option} of the command {name} is missing"
        for option in sorted(page_options(entries[name]) - wanted - general):
            yield f"{page.name}: the command {name} has no option {option}"


def check_keys(program: Path, page: Path) -> Iterator[str]:
    keys = set(re.findall(r"^#?(\w+) = ", output(str(program), "--print-default-config"), re.M))
    yield from compare(page, "key", keys, set(re.findall(r"^\.It Ic (\w+) No =", page.read_text(), re.M)))


def check_page(page: Path) -> Iterator[str]:
    if not shutil.which("man"):
        return
    surroundings = dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ="", MANWIDTH="80")
    run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(page)], env=surroundings,
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in run.stderr.splitlines():
        yield f"{page.name}: man: {line}"


def check_completion(program: Path) -> Iterator[str]:
    """Reads each script with its shell, and completes in bash as a person does who presses the tabulator."""
    for shell in ("bash", "zsh", "fish"):
        script = output(str(program), "completion", shell)
        if shutil.which(shell):
            run = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
            if run.returncode or run.stderr:
                yield f"completion {shell}: {run.stderr.strip()}"
    names = commands(output(str(program), "--help"))
    for line, wanted in (("swarmctl ", " ".join(sorted(names))), ("swarmctl sea", "search"),
                         ("swarmctl share --pie", "--piece-size"), ("swarmctl completion ", "bash fish zsh")):
        offered = complete(program, line)
        missing = set(wanted.split()) - set(offered)
        if missing:
            yield f"completion bash: “{line}” offers {offered or 'nothing'}, not {' '.join(sorted(missing))}"


def complete(program: Path, line: str) -> list[str]:
    """What bash offers behind `line`."""
    script = """
        PATH=$2:$PATH; source <(swarmctl completion bash)
        COMP_LINE=$1 COMP_POINT=${#1}; read -ra COMP_WORDS <<<"$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _swarmctl swarmctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}" """
    run = subprocess.run(["bash", "-c", script, "complete", line, str(program.parent)], capture_output=True, text=True)
    return run.stdout.split()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path, required=True)
    arguments.add_argument("--man", type=Path, required=True)
    chosen = arguments.parse_args()
    binaries, pages = chosen.bin.resolve(), chosen.man
    findings = [
        *check_daemon(binaries / "swarmd", pages / "swarmd.8"),
        *check_daemon(binaries / "swarm-trackerd", pages / "swarm-trackerd.8"),
        *check_swarmctl(binaries / "swarmctl", pages / "swarmctl.1"),
        *check_keys(binaries / "swarmd", pages / "swarmd.toml.5"),
        *check_keys(binaries / "swarm-trackerd", pages / "trackerd.toml.5"),
        *(finding for page in sorted(pages.iterdir()) for finding in check_page(page)),
        *check_completion(binaries / "swarmctl"),
    ]
    for finding in findings:
        print(f"check: error: {finding}")
    print(f"check: {len(list(pages.iterdir()))} manual pages and 3 completion scripts, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
