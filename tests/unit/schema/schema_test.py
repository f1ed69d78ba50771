"""The editors' schemas and the loaders agree. Usage: schema_test.py SOURCE_FOLDER HNBEMU

Each snippet is a whole file with one thing changed; schema and program must give the verdict that stands before it.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema
import yaml

import snippets

SOURCE, HNBEMU = pathlib.Path(sys.argv[1]), sys.argv[2]
PROFILES = SOURCE / "profiles"


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, which editors use: no 'yes', no octal numbers without 0o, no dates."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in [
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", "-+0123456789."),
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
]:
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", __import__("re").compile(pattern), first)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def schema(name):
    document = json.loads((PROFILES / "schema" / f"{name}.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(document)
    return jsonschema.Draft7Validator(document)


def mistakes(validator, text):
    return [f"{'/'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(yaml.load(text, Core))]


def program(*arguments):
    done = subprocess.run([HNBEMU, *arguments], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stderr


class ShippedFiles(unittest.TestCase):
    def test_each_names_its_schema_and_fits_it(self):
        for pattern, name, where in [("*.yaml", "profile", "schema"), ("fleets/*.yaml", "fleet", "../schema")]:
            validator = schema(name)
            files = sorted(PROFILES.glob(pattern))
            self.assertTrue(files)
            for file in files:
                with self.subTest(file=file.name):
                    text = file.read_text()
                    first = text.splitlines()[0]
                    self.assertEqual(first, f"# yaml-language-server: $schema={where}/{name}.schema.json")
                    self.assertEqual(mistakes(validator, text), [])

    def test_each_profile_is_good(self):
        files = [str(file) for file in sorted(PROFILES.glob("*.yaml"))]
        self.assertEqual(program("profile", "check", *files), (0, ""))

    def test_everything_has_a_title(self):
        def look(node, path):
            for key, child in node.get("properties", {}).items():
                self.assertTrue("title" in child, f"{path}/{key}")
                look(child, f"{path}/{key}")

        for name in ["profile", "fleet"]:
            look(json.loads((PROFILES / "schema" / f"{name}.schema.json").read_text()), name)


class SameVerdict(unittest.TestCase):
    def judge(self, name, base, table, *command):
        validator = schema(name)
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "parent.yaml").write_text(snippets.PROFILE)
            for number, (good, old, new) in enumerate(table):
                with self.subTest(snippet=new or f"without {old}"):
                    self.assertIn(old, base)
                    text = base.replace(old, new, 1) if old else base + new
                    file = pathlib.Path(folder) / f"{number}.yaml"
                    file.write_text(text)
                    status, said = program(*command, str(file))
                    self.assertEqual(mistakes(validator, text) == [], good, mistakes(validator, text))
                    self.assertEqual(status == 0, good, said)
                    self.assertIn(status, [0, 2], said)

    def test_of_profiles(self):
        self.judge("profile", snippets.PROFILE, snippets.OF_PROFILES, "profile", "check")

    def test_of_profiles_that_extend(self):
        self.judge("profile", snippets.CHILD, snippets.OF_CHILDREN, "profile", "check")

    def test_of_fleets(self):
        self.judge("fleet", snippets.FLEET, snippets.OF_FLEETS, "up", "--dry-run")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
