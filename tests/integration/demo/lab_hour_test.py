"""An hour of a fleet's life in a minute, and its books afterwards: every alarm was reported as its mechanism says and no
other way, every period of measurement gave one file, and what is counted agrees.

A minute of the machine's time by default; HNBEMU_LAB_SECONDS=3600 for a long run, by hand rather than by ctest."""
import collections
import datetime
import os
import pathlib
import re
import time
import urllib.parse
import xml.etree.ElementTree

import program

SECONDS = int(os.environ.get("HNBEMU_LAB_SECONDS", "60"))
DEVICES, SCALE, PERIOD_S = 20, 60, 900
LOOK_EVERY_S = 10  # a device's trace is bounded
GENERATED = "alarms: {rate: 20, storms: {per_day: 24, alarms: 12}}"
FLEET = f"""
fleet: {{seed: 8, time_scale: {SCALE}}}
lab: {{pm_interval_s: {PERIOD_S}}}
groups:
  - {{name: henb, profile: lte-henb, count: {DEVICES // 2}, {GENERATED}}}
  - {{name: hnb, profile: umts-hnb-device2, count: {DEVICES // 4}, {GENERATED}}}
  - {{name: old, profile: umts-hnb, count: {DEVICES // 4}, {GENERATED}}}
"""
NAMESPACE = "{http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec}"
TYPES = {"raised": "NewAlarm", "changed": "ChangedAlarm", "cleared": "ClearedAlarm"}
MECHANISMS = ("Expedited", "Queued", "Logged", "Disabled")
ALL_KINDS = "11205"  # an alarm that comes often, to which each device gives another mechanism
TABLE = {"Expedited": "ExpeditedEvent", "Queued": "QueuedEvent"}
LATEST = 2  # Informs until an event is told: one may be on its way when the event comes
COUNTED = "RRC.AttConnEstab."  # in a file, by cause
# Where the data model shows its total; TR-196 issue 1 shows none.
SHOWN = {"henb": "Device.Services.FAPService.1.CellConfig.LTE.RAN.RRC.Stats.AttConnEstab",
         "hnb": "Device.Services.FAPService.1.CellConfig.UMTS.RAN.RRC.Stats.AttConnEstab"}


class Device:
    """What one device has said and done, as its trace tells."""

    def __init__(self, name):
        self.name, self.root = name, "InternetGatewayDevice." if name.startswith("old") else "Device."
        self.records, self.mechanisms, self.totals, self.cuts = [], {}, [], []

    def follow(self, records):
        """The trace of now: what is new of it."""
        known = {(record["time"], record["text"]) for record in self.records[-2000:]}
        new = [record for record in records if (record["time"], record["text"]) not in known]
        if self.records and records and len(new) == len(records):
            raise AssertionError(f"{self.name}: the trace went round between two looks at it")
        self.records += new

    def story(self, until=None):
        """From when the HMS had asked for alarms: ("event", alarm, type) and ("inform", codes, rows), in their order."""
        asked, story = False, []
        for record in self.records[:until]:
            text = record["text"]
            if record["kind"] == "soap-out" and "SetParameterAttributesResponse" in text:
                asked = True
            elif asked and record["kind"] == "alarm":
                if found := re.match(r"alarm (\S+) (raised|changed|cleared):", text):
                    story.append(("event", found[1], TYPES[found[2]]))
            elif asked and record["kind"] == "soap-out" and "<cwmp:Inform>" in text:
                story.append(("inform", re.findall(r"<EventCode>(.*?)</EventCode>", text), self.rows(text)))
        return story

    @staticmethod
    def rows(inform):
        """[(table, alarm, type)] of the event rows that an Inform tells."""
        rows = collections.defaultdict(dict)
        for name, value in re.findall(r"<Name>[^<]*?FaultMgmt\.([^<]+)</Name><Value[^>]*>([^<]*)</Value>", inform):
            row, column = name.rsplit(".", 1)
            rows[row][column] = value
        return [(row.split(".")[0], values.get("AlarmIdentifier"), values.get("NotificationType"))
                for row, values in rows.items()]


class LabHour(program.ProgramTest):
    def total(self, device):
        """What the data model says that was counted: the sum over the causes."""
        path = SHOWN[device.name.split("-")[0]]
        reply = self.ask(f"/devices/{device.name}/parameters?path={urllib.parse.quote(path)}")
        values = {one["path"]: one["value"] for one in reply["parameters"]}
        return sum(int(number) for number in values[path].split(","))

    def cut(self, device):
        """Ends the period of now, with the total before and after it."""
        shows = device.name.split("-")[0] in SHOWN
        before = self.total(device) if shows else 0
        device.cuts += self.upload_pm(device.name)
        device.totals.append((before, self.total(device) if shows else 0))

    def look(self, devices):
        for device in devices:
            device.follow(self.ask(f"/devices/{device.name}/trace")["records"])

    def files(self):
        return {file.name: file for file in pathlib.Path(self.state / "fleet" / "run").glob("**/measurements/[AC]*.xml")}

    def test_the_books_balance(self):
        self.up(self.write(FLEET))
        devices = [Device(one["id"]) for one in self.ask("/devices")["devices"]]
        self.assertEqual(len(devices), DEVICES)
        for number, device in enumerate(devices):
            listed = [one["alarm"] for one in self.ask(f"/devices/{device.name}/alarms")["supported"]]
            mechanism = number % len(MECHANISMS)
            below = f"SupportedAlarm.{listed.index(ALL_KINDS) + 1}.ReportingMechanism={mechanism} {MECHANISMS[mechanism]}"
            service = "Services.FAPService.1." if device.root.startswith("Internet") else ""
            self.ok("hms", "set", device.name, f"{device.root}{service}FaultMgmt.{below}")
            self.wait_for("the mechanism", lambda: self.mechanisms(device)[ALL_KINDS] == MECHANISMS[mechanism])
            device.mechanisms = self.mechanisms(device)
        self.look(devices)
        skipped = {device.name: len(device.records) for device in devices}  # until then mechanisms were changed
        for device in devices:
            self.cut(device)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(max(0.0, min(LOOK_EVERY_S, end - time.monotonic())))
            self.look(devices)
        for device in devices:
            self.cut(device)
        for device in devices:
            self.ok("inform", device.name)
        sent = [name for device in devices for name in device.cuts]
        self.wait_for("the files of the last periods", lambda: all(name in self.files() for name in sent))
        self.wait_for("sessions to end", lambda: not any(self.pending(device) for device in devices))
        # The fleet lives on: what comes while the books are read is in none of them.
        arrived = self.files()
        time.sleep(1)  # the server has a file a moment before its device knows
        self.look(devices)

        sums = collections.Counter()
        for device in devices:
            with self.subTest(device.name):
                self.check_alarms(device, skipped[device.name], sums)
                self.check_files(device, arrived, sums)
        print(f"{SECONDS * SCALE} s of {DEVICES} devices: {dict(sums)}")
        self.assertEqual({*MECHANISMS, "told", "files", "counted"}, {what for what, number in sums.items() if number > 0})
        self.assertEqual(self.ask("/fleet")["violations"], [])
        self.ok("down", "--purge")
        self.assert_nothing_left()

    def mechanisms(self, device):
        return {one["alarm"]: one["mechanism"] for one in self.ask(f"/devices/{device.name}/alarms")["supported"]}

    def pending(self, device):
        return self.ask(f"/devices/{device.name}")["pending_events"]

    def check_alarms(self, device, skipped, sums):
        """Each event was told once, in the Inform that comes next, from the table of its mechanism; or not at all."""
        counts = self.ask(f"/devices/{device.name}/alarms")["counts"]
        self.assertEqual((counts["lost"], counts["refused"], counts["generator_dropped"]), (0, 0, 0))
        before = len(device.story(skipped))
        story = device.story()
        waiting, passed = collections.Counter(), collections.Counter()
        for number, (what, *rest) in enumerate(story):
            if what == "event":
                alarm, kind = rest
                mechanism = device.mechanisms[alarm.split("-")[0]]
                table = TABLE.get(mechanism)
                sums[mechanism] += number >= before
                if table:
                    waiting[(table, alarm, kind)] += 1
                continue
            codes, rows = rest
            for row in rows:
                if number >= before:
                    self.assertGreater(waiting[row], 0, f"{row} is told, and never was")
                waiting[row] -= 1
                passed[row] = 0
                sums["told"] += number >= before
            waiting = +waiting
            if rows:
                self.assertIn("4 VALUE CHANGE", codes)
            if all(row[0] == "QueuedEvent" for row in rows) and rows and number >= before:
                self.assertGreater(len(codes), 1, "a session for queued events alone")
            for row in waiting:
                passed[row] += 1
                if number >= before:
                    self.assertLess(passed[row], LATEST, f"{row} is not told")
        untold = {row for row in waiting if row[0] == "ExpeditedEvent"}
        self.assertEqual(untold, set())

    def check_files(self, device, arrived, sums_of_all):
        group, index = device.name.split("-")
        serial = f"{group}{int(index):06}"
        mine = {name: file for name, file in arrived.items() if name.lower().endswith(f"-{serial}.xml")}
        roots = sorted((self.header(file), name) for name, file in mine.items())
        sent = collections.Counter(record["text"].split(": ")[0].rsplit("/", 1)[1] for record in device.records
                                   if record["kind"] == "file" and record["text"].endswith(" bytes"))
        self.assertEqual({name: 1 for name in sent}, dict(sent), "each file is sent once")
        self.assertEqual(mine.keys() - sent.keys(), set())
        self.assertEqual(sent.keys() - self.files().keys(), set())
        self.assertGreaterEqual(len(mine), SECONDS * SCALE // PERIOD_S)
        inside, counting = 0, False
        for place, ((begin, end, sums), name) in enumerate(roots):
            if place:
                self.assertEqual(begin, roots[place - 1][0][1], f"a period is missing before {name}")
            self.assertTrue(name in device.cuts or end.timestamp() % PERIOD_S == 0, name)
            self.check_sums(sums)
            if counting:
                inside += sum(value for (_, kind), value in sums.items() if kind.startswith(COUNTED))
            counting = counting or name == device.cuts[0]
            if name == device.cuts[-1]:
                break
        sums_of_all["files"] += len(mine)
        sums_of_all["counted"] += inside
        if group not in SHOWN:
            return
        (first_low, first_high), (last_low, last_high) = device.totals
        self.assertLessEqual(last_low - first_high, inside)
        self.assertLessEqual(inside, last_high - first_low)

    def header(self, file):
        root = xml.etree.ElementTree.parse(file).getroot()
        begin = root.find(f"{NAMESPACE}fileHeader/{NAMESPACE}measCollec").get("beginTime")
        end = root.find(f"{NAMESPACE}fileFooter/{NAMESPACE}measCollec").get("endTime")
        sums = {}
        for info in root.iter(f"{NAMESPACE}measInfo"):
            names = {one.get("p"): one.text for one in info.iter(f"{NAMESPACE}measType")}
            for value in info.iter(f"{NAMESPACE}measValue"):
                for one in value.iter(f"{NAMESPACE}r"):
                    if one.text != "NIL":
                        key = (value.get("measObjLdn"), names[one.get("p")])
                        sums[key] = sums.get(key, 0) + float(one.text)
        return datetime.datetime.fromisoformat(begin), datetime.datetime.fromisoformat(end), sums

    def check_sums(self, sums):
        """Attempts are successes and failures."""
        for (where, kind), attempts in sums.items():
            others = [(where, kind.replace("Att", word, 1)) for word in ("Succ", "Fail")]
            if "Att" in kind and all(other in sums for other in others):
                self.assertEqual(attempts, sum(sums[other] for other in others), kind)


if __name__ == "__main__":
    program.main()
