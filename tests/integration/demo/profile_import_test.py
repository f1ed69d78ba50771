#!/usr/bin/env python3
"""A model table from a data-model document: what is written, and what is said of wrong input."""
import pathlib

from program import ProgramTest, main

DATA = pathlib.Path(__file__).resolve().parents[2] / "unit/tr106/data"
DOCUMENT = str(DATA / "tr-900-1-1-0.xml")
GOLDEN = (DATA / "tr-900-1-1-0.table").read_text()


class ProfileImport(ProgramTest):
    def test_the_table_is_printed(self):
        self.assertEqual(self.run_program("profile", "import", DOCUMENT), (0, GOLDEN, ""))

    def test_the_table_replaces_a_file(self):
        table = self.directory / "x.table"
        table.write_text("old")
        self.assertEqual(self.run_program("profile", "import", DOCUMENT, "-o", str(table)), (0, "", ""))
        self.assertEqual(table.read_text(), GOLDEN)
        self.assertEqual([path.name for path in self.directory.iterdir() if "x.table" in path.name], ["x.table"])

    def test_a_link_stays_a_link_and_a_device_a_device(self):
        table, link = self.directory / "x.table", self.directory / "link"
        table.write_text("old")
        link.symlink_to(table)
        self.assertEqual(self.run_program("profile", "import", DOCUMENT, "-o", str(link))[0], 0)
        self.assertTrue(link.is_symlink())
        self.assertEqual(table.read_text(), GOLDEN)
        self.assertEqual(self.run_program("profile", "import", DOCUMENT, "-o", "/dev/stdout")[:2], (0, GOLDEN))

    def test_what_was_there_stays_when_the_document_is_wrong(self):
        table = self.directory / "x.table"
        table.write_text("old")
        broken = self.directory / "tr-1-1-0.xml"
        broken.write_text("<dm:document>\n<model name='M:1' base='B:1'/>\n</dm:document>\n")
        status, out, err = self.run_program("profile", "import", str(broken), "-o", str(table))
        self.assertEqual((status, out), (2, ""))
        self.assertIn("tr-1-1-0.xml:2: model 'B:1' is neither defined nor imported in this file", err)
        self.assertEqual(table.read_text(), "old")

    def test_root_and_only_choose_what_is_there(self):
        status, out, _ = self.run_program("profile", "import", DOCUMENT, "--root", "Device.Services.", "--only",
                                          "Device.Services.Thing.{i}.Host", "--only", "Device.Services.Thing.{i}.Size")
        self.assertEqual(status, 0)
        self.assertEqual(out.splitlines()[-4:],
                         ["  ThingNumberOfEntries: unsignedInt ro",
                          "Device.Services.Thing.{i}. entries(0:8) count(ThingNumberOfEntries)",
                          "  Size: unsignedInt(1:) ro", "  Host: Address4 rw"])

    def test_wrong_input_is_exit_2(self):
        for arguments, words in (([str(self.directory / "none.xml")], "none.xml: No such file"),
                                 ([str(self.directory)], "Is a directory"),
                                 ([DOCUMENT, "--only", "Nothing."], "nothing begins with 'Nothing.'"),
                                 ([DOCUMENT, "--root", "Device"], "the root ends in '.'"),
                                 ([], "FILE")):
            with self.subTest(arguments):
                status, out, err = self.run_program("profile", "import", *arguments)
                self.assertEqual((status, out), (2, ""))
                self.assertIn(words, err)

    def test_a_table_that_cannot_be_written_is_exit_1(self):
        status, _, err = self.run_program("profile", "import", DOCUMENT, "-o", str(self.directory / "none" / "x.table"))
        self.assertEqual(status, 1)
        self.assertIn("none/x.table", err)

    def test_help_has_an_example(self):
        status, out, _ = self.run_program("profile", "import", "--help")
        self.assertEqual(status, 0)
        self.assertIn("Example: hnbemu profile import ", out)


if __name__ == "__main__":
    main()
