#!/usr/bin/env python3
"""The rules of emulator/ARCHITECTURE.md that a compiler does not see. Usage: tidy_test.py SOURCE_DIRECTORY"""
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv[1])
MAX_LINES = 500
PURE = {"base", "config", "datamodel", "profile", "cwmp", "alarms", "pm"}
IMPURE_HEADERS = re.compile(r'#include\s*<(boost/asio|boost/beast|curl/|openssl/|ares|sys/socket|spdlog)')
MACHINE_PATHS = re.compile("/" + "work/|/" + "tmp/bash|/" + "farm/")


def order_of_folders(root):
    """The folders in the order of the top CMakeLists.txt: each may include only those before it."""
    text = (root / "CMakeLists.txt").read_text()
    return [pathlib.PurePath(name).name for name in re.findall(r"hnbemu_folder\(((?:emulator/)?\w+)\)", text)]


def sources(root, *folders):
    for folder in folders:
        yield from (path for path in sorted((root / folder).rglob("*")) if path.suffix in (".h", ".cc"))


def findings(root):
    order = order_of_folders(root)
    for path in sources(root, "emulator", "netns"):
        relative = path.relative_to(root)
        folder = relative.parts[1] if relative.parts[0] == "emulator" else relative.parts[0]
        text = path.read_text()
        for included in re.findall(r'#include "(\w+)/', text):
            if included in order and order.index(included) > order.index(folder):
                yield f"{relative}: {folder} may not include {included}: arrows point up only"
        if folder in PURE and (bad := IMPURE_HEADERS.search(text)):
            yield f"{relative}: {folder} is pure and includes {bad.group(1)}"
    for path in sources(root, "emulator", "netns", "tests"):
        text = path.read_text()
        if (lines := text.count("\n")) > MAX_LINES:
            yield f"{path.relative_to(root)}: {lines} lines, at most {MAX_LINES}"
        if MACHINE_PATHS.search(text):
            yield f"{path.relative_to(root)}: names a path of one machine"


class Tidy(unittest.TestCase):
    def test_the_tree_keeps_the_rules(self):
        self.assertEqual(list(findings(ROOT)), [])

    def test_a_breach_is_found(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "CMakeLists.txt").write_text("hnbemu_folder(emulator/base)\nhnbemu_folder(emulator/cwmp)\n")
            (root / "emulator/base").mkdir(parents=True)
            (root / "emulator/base/a.h").write_text('#include "cwmp/session.h"\n#include <curl/curl.h>\n' + "\n" * MAX_LINES)
            (root / "emulator/base/b.cc").write_text('auto path = "/' + 'work/x";\n')
            self.assertEqual(len(list(findings(root))), 4)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
