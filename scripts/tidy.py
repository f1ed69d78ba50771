#!/usr/bin/env python3
"""Runs clang-tidy over files on all processors, within a limit of time, and says how far it came.

g++ wrote the compile commands: its precompiled headers and some of its flags mean nothing to clang, so they are taken out.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

GCC_ONLY = {"-fpch-preprocess", "-Winvalid-pch", "-Wno-maybe-uninitialized", "-Wno-restrict", "-Wno-stringop-overflow",
            "-Wno-mismatched-new-delete", "-Werror"}


def each_file(entries):
    """The entries with a file each: a unity build's file includes several."""
    for entry in entries:
        if "/Unity/" not in entry["file"]:
            yield entry
            continue
        for file in re.findall(r'#include "(.*\.cc)"', pathlib.Path(entry["file"]).read_text()):
            yield {**entry, "file": file, "command": entry["command"].replace(entry["file"], file)}


def commands_for_clang(build, out):
    entries = list(each_file(json.loads((build / "compile_commands.json").read_text())))
    for entry in entries:
        words = entry["command"].split()
        words = words[next(i for i, word in enumerate(words) if word.endswith(("c++", "g++"))):]  # without ccache
        kept = []
        skip = False
        for i, word in enumerate(words):
            if skip:
                skip = False
            elif word == "-include" and "cmake_pch" in words[i + 1]:
                skip = True
            elif word not in GCC_ONLY:
                kept.append(word)
        entry["command"] = " ".join(kept)
    (out / "compile_commands.json").write_text(json.dumps(entries))
    return {os.path.realpath(entry["file"]) for entry in entries}


FILE_SECONDS = 300  # the slowest file takes a tenth of it


def check(file, database):
    try:
        done = subprocess.run(["clang-tidy", "--quiet", "-p", database, file], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=FILE_SECONDS)
    except subprocess.TimeoutExpired:
        return file, 1, f"clang-tidy: {file} not done after {FILE_SECONDS} s"
    return file, done.returncode, done.stdout + (done.stderr if done.returncode else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=float, default=0, help="0: no limit")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    begin = time.monotonic()
    bad = 0
    checked = 0
    left_out = []
    with tempfile.TemporaryDirectory() as database:
        known = commands_for_clang(options.build, pathlib.Path(database))
        files = [file for file in options.files if os.path.realpath(file) in known]
        pending = list(reversed(files))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            running = set()
            while pending or running:
                late = options.seconds and time.monotonic() - begin > options.seconds
                if late:
                    left_out += reversed(pending)
                    pending = []
                while pending and len(running) < os.cpu_count():
                    running.add(pool.submit(check, pending.pop(), database))
                if not running:
                    break
                done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
                for result in done:
                    file, status, output = result.result()
                    checked += 1
                    if status:
                        bad += 1
                        print(output)
                        print(f"clang-tidy: {file} has findings")
    print(f"clang-tidy: {checked} of {len(files)} files checked within {time.monotonic() - begin:.0f} s, {bad} with findings")
    if left_out:
        print(f"clang-tidy: the limit of {options.seconds:.0f} s left out (scripts/check --all checks all):\n  " + "\n  ".join(left_out))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
