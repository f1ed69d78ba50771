#!/usr/bin/env python3
"""The rules of emulator/ARCHITECTURE.md that a compiler does not see. Usage: tidy_test.py SOURCE_DIRECTORY"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv[1])
MAX_LINES = 500
INCLUDED = re.compile(r'^\s*#\s*include\s*[<"](?:emulator/)?([^>"]+)', re.MULTILINE)
IMPURE_HEADERS = re.compile(r"boost/asio|boost/beast|curl/|openssl/|ares|sys/socket|spdlog")
MACHINE_PATHS = re.compile("/" + "work/|/" + "tmp/bash|/" + "farm/")


def order_of_folders(root):
    """The folders in the order of the top CMakeLists.txt: each may include only those before it."""
    text = (root / "CMakeLists.txt").read_text()
    return [pathlib.PurePath(name).name for name in re.findall(r"^hnbemu_folder\(((?:emulator/)?\w+)\)", text, re.MULTILINE)]


def pure_folders(root):
    """The folders that their CMakeLists.txt calls PURE."""
    return {file.parent.name for file in root.glob("emulator/*/CMakeLists.txt") if " PURE " in file.read_text()}


def tracked(root):
    """Tracked text files and their contents."""
    names = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        path = root / name
        if path.is_file():  # a deletion that is not committed yet is still listed
            yield pathlib.PurePath(name), path.read_text(errors="replace")


def findings_of_includes(name, text, order, pure):
    folder = name.parts[1] if name.parts[0] == "emulator" else name.parts[0]
    if folder not in order:
        yield f"{name}: folder {folder} has no hnbemu_folder line in CMakeLists.txt"
        return
    for header in INCLUDED.findall(text):
        included = header.split("/")[0]
        if included in order and order.index(included) > order.index(folder):
            yield f"{name}: {folder} may not include {included}: arrows point up only"
        if folder in pure and IMPURE_HEADERS.match(header):
            yield f"{name}: {folder} is pure and includes {header}"


def findings(root):
    order, pure = order_of_folders(root), pure_folders(root)
    for name, text in tracked(root):
        if name.suffix in (".h", ".cc"):
            if name.parts[0] in ("emulator", "netns"):
                yield from findings_of_includes(name, text, order, pure)
            if (lines := text.count("\n")) > MAX_LINES:
                yield f"{name}: {lines} lines, at most {MAX_LINES}"
        if MACHINE_PATHS.search(text):
            yield f"{name}: names a path of one machine"


class Tidy(unittest.TestCase):
    def test_the_tree_keeps_the_rules(self):
        self.assertEqual(list(findings(ROOT)), [])

    def test_each_breach_is_found(self):
        breaches = {
            "emulator/base/upwards.h": '#include "cwmp/session.h"\n',
            "emulator/base/long_form.h": '#include "emulator/cwmp/session.h"\n',
            "emulator/cwmp/impure.cc": "# include <curl/curl.h>\n",
            "emulator/cwmp/dns.cc": "#include <ares.h>\n",
            "emulator/unknown/a.h": "#pragma once\n",
            "emulator/base/long.cc": "\n" * (MAX_LINES + 1),
            "scripts/run": "cd /" + "work/x\n",
        }
        allowed = {"emulator/cwmp/allowed.cc": '#include <array>\n#include "base/result.h"\n#include "cwmp/session.h"\n'}
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            (root / "CMakeLists.txt").write_text("hnbemu_folder(emulator/base)\nhnbemu_folder(emulator/cwmp)\n")
            (root / "emulator/cwmp").mkdir(parents=True)
            (root / "emulator/cwmp/CMakeLists.txt").write_text("hnbemu_library(hnbemu_cwmp PURE DEPENDS hnbemu_base)\n")
            for name, text in {**breaches, **allowed}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            subprocess.run(["git", "init", "-q", root], check=True)
            subprocess.run(["git", "-C", root, "add", "."], check=True)
            found = [finding.split(":")[0] for finding in findings(root)]
        self.assertEqual(sorted(found), sorted(breaches))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
