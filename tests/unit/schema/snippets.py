"""Files, and what is changed in them: (whether the file is good then, what goes, what comes instead).

What goes is "" where something is added at the end.
"""

PROFILE = """\
technology: henb
cwmp_version: "1.2"
boot_time_s: 7
identity: {manufacturer: M, oui: "00256D", product_class: P, hardware_version: 1.0, software_version: 2.3.0}
roles:
  acs_url: Device.M.URL
  parameter_key: Device.M.Key
  connection_request_url: Device.M.CR
  periodic_inform_enable: Device.M.PE
  periodic_inform_interval: Device.M.PI
  periodic_inform_time: Device.M.PT
  serial_number: Device.I.Serial
  software_version: Device.I.Version
  admin_state: Device.F.Admin
  op_state: Device.F.Op
  rf_tx_status: Device.F.Rf
  serving_segw: Device.F.Segw
inform_parameters: [Device.I.Version]
objects:
  Device.M.: {URL: string rw, Key: string ro, CR: string ro, PE: boolean rw, PI: unsignedInt rw, PT: dateTime rw}
  Device.I.: {Serial: string ro, Version: string ro}
  Device.F.: {Admin: boolean rw, Op: boolean ro, Rf: boolean ro, Segw: string rw}
  Device.T.{i}.: {X: int rw}
values:
  Device.I.Serial: "{serial}"
"""

OF_PROFILES = [
    (True, "", ""),
    (True, "", "description: words\n"),
    (True, "", "rows: [Device.T.1.]\n"),
    (True, "", "rows:\n"),
    (True, "", "writable_tables: ['Device.T.{i}.']\n"),
    (True, "", "quirks: {}\n"),
    (True, "", "quirks: {status_1: true, lenient_types: false, soap_id: 'CPE_{n}', rem_not_ready: true}\n"),
    (True, "", "quirks: {connection_request_path: '/CR?command=cr&sn={serial}', clock_starts_1970: true}\n"),
    (True, 'cwmp_version: "1.2"', "cwmp_version: 1.4"),
    (True, "boot_time_s: 7\n", ""),
    (True, "inform_parameters: [Device.I.Version]\n", ""),
    (True, '"{serial}"', "7"),
    (True, "technology: henb", "technology: none"),
    (False, "technology: henb\n", ""),
    (False, "technology: henb", "technology: hemb"),
    (False, 'cwmp_version: "1.2"', 'cwmp_version: "1.5"'),
    (False, "boot_time_s: 7", "boot_time_s: -1"),
    (False, "boot_time_s: 7", "boot_time_s: 3601"),
    (False, "boot_time_s: 7", "boot_time_s: 7 s"),
    (False, "boot_time_s: 7", "boot_time_s: '7'"),
    (False, "boot_time_s: 7", "boot_times: 7"),
    (False, '"00256D"', '"00256d"'),
    (False, '"00256D"', "000050"),
    (False, '"00256D"', '"0025"'),
    (False, "manufacturer: M, ", ""),
    (False, "manufacturer: M", "manufacturer: ''"),
    (False, "manufacturer: M", "manufacturer: [M]"),
    (False, "manufacturer: M", "manufacturer: ~"),
    (False, "manufacturer: M", "manufacturer: M, model: X"),
    (False, "  acs_url: Device.M.URL\n", ""),
    (False, "  op_state: Device.F.Op\n", ""),
    (False, "  acs_url: Device.M.URL", "  acs_url: Device.M.URL\n  acs_uri: Device.M.URL"),
    (False, "[Device.I.Version]", "Device.I.Version"),
    (False, "[Device.I.Version]", "{add: [Device.I.Version]}"),
    (False, "[Device.I.Version]", "[[Device.I.Version]]"),
    (False, "Device.T.{i}.: {X: int rw}", "Device.T.{i}: {X: int rw}"),
    (False, "Device.T.{i}.: {X: int rw}", "Device.T.{i}.: [X]"),
    (False, "Device.T.{i}.: {X: int rw}", "Device.T.{i}.: {X: {type: int}}"),
    (False, '"{serial}"', '"{seriel}"'),
    (False, '"{serial}"', '"{serial"'),
    (False, '"{serial}"', "[a]"),
    (False, '"{serial}"', "~"),
    (False, "", "quirks: {status_2: true}\n"),
    (False, "", "quirks: {status_1: yes}\n"),
    (False, "", "quirks: {soap_id: 'CPE_{m}'}\n"),
    (False, "", "quirks: {soap_id: ''}\n"),
    (False, "", "quirks: {connection_request_path: CR}\n"),
    (False, "", "quirks: {connection_request_path: '/a b'}\n"),
    (False, "", "quirks: {connection_request_path: '/{mac}'}\n"),
    (False, "", "quirks: {rem_not_ready: 600}\n"),
    (True, "", "ways: {initial_tunnel: kept, serving_hms: outside, serving_hems_dns: public, back_to_initial_s: 60}\n"),
    (False, "", "ways: {initial_tunnel: lost}\n"),
    (False, "", "ways: {back_to_initial_s: -1}\n"),
    (False, "", "ways: {back: 5}\n"),
    (False, "", "typing: lenient\n"),
    (False, "", "models: [device-2]\n"),
    (False, "", "models: {../device-2: [Device.]}\n"),
    (False, "", "models: {device-2: Device.}\n"),
    (False, "", "models: {device-2: {without: [Device.]}}\n"),
    (False, "", "models: {device-2: {has: [Device.], mount: Device}}\n"),
    (False, "", "models: {device-2: {has: [Device.], only: [Device.]}}\n"),
    (False, "", "claims: Baseline:1\n"),
    (True, "", "performance: {format: cmcc, gzip: true, method: post, granularity_s: 300, traffic: {subscribers: 4.5}}\n"),
    (True, "", "performance:\n"),
    (False, "", "performance: {format: pdf}\n"),
    (False, "", "performance: {granularity_s: 0}\n"),
    (False, "", "performance: {traffic: {night: 2}}\n"),
    (False, "", "performance: {traffic: {users: 2}}\n"),
]

CHILD = "extends: parent\n"

OF_CHILDREN = [
    (True, "", ""),
    (True, "parent", "./parent.yaml"),
    (True, "", "boot_time_s: 9\nidentity: {product_class: Q}\n"),
    (True, "", "inform_parameters: {add: [Device.I.Serial], remove: [Device.I.Version]}\n"),
    (True, "", "inform_parameters: [Device.I.Serial]\n"),
    (True, "", "inform_parameters:\n"),
    (True, "", "values: {Device.I.Serial: ~}\n"),
    (True, "", "objects: {'Device.T.{i}.': ~, 'Device.T.': {Y: int ro}}\n"),
    (True, "", "roles: {hardware_version: Device.I.Version}\n"),
    (False, "parent", "[parent]"),
    (False, "parent", "''"),
    (False, "", "inform_parameters: {add: Device.I.Serial}\n"),
    (False, "", "inform_parameters: {added: [Device.I.Serial]}\n"),
    (False, "", "roles: {acs_uri: Device.M.URL}\n"),
    (False, "", "boot_time_s: -1\n"),
    (False, "", "identity: {oui: 7}\n"),
    (False, "", "quirk: {}\n"),
]

FLEET = """\
fleet: {name: mine, seed: 1, start_rate_per_s: 20}
lab: {outer_pool: 100.64.0.0/16, segws: [{name: bad.example, certificate: expired}]}
groups:
  - name: hnb
    profile: umts-hnb
    count: 3
    devices: [{index: 2, serial: OTHER}]
"""

OF_FLEETS = [
    (True, "", ""),
    (True, "", "uplink: true\n"),
    (True, "", "acs: {url: 'http://127.0.0.1:7547/'}\n"),
    (True, "    count: 3", "    serial: 'S{index:06}'\n    count: 3"),
    (True, "    count: 3", "    ipsec: {segw: 192.0.2.1, psk: k, remote_ts: [0.0.0.0/0], dpd_delay_s: 5}\n    count: 3"),
    (True, "    count: 3", "    location: {latitude: 51.5, longitude: -0.1}\n    acs: {username: u}\n    count: 3"),
    (True, "profile: umts-hnb", "profile: ./parent.yaml"),
    (True, "fleet: {name: mine, seed: 1, start_rate_per_s: 20}\n", ""),
    (True, "    count: 3", "    alarms: {rate: 2.5}\n    count: 3"),
    (True, "    count: 3", "    alarms: {storms: {per_day: 1, alarms: 5, within_s: 10}}\n    count: 3"),
    (True, "serial: OTHER", "serial: OTHER, alarms: {day_curve: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}"),
    (False, "count: 3", "alarms: {day_curve: [1, 2]}"),
    (False, "count: 3", "alarms: {day_curve: [x, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}"),
    (False, "count: 3", "alarms: {rate: -1}"),
    (False, "count: 3", "alarms: {rates: 1}"),
    (False, "count: 3", "alarms: {storms: {alarms: 0}}"),
    (False, "count: 3", "alarms: often"),
    (True, "    count: 3", "    behind_nat: true\n    count: 3"),
    (True, "    count: 3", "    behind_nat: {udp_lifetime_s: 30}\n    count: 3"),
    (True, "serial: OTHER", "serial: OTHER, behind_nat: true"),
    (True, "outer_pool: 100.64.0.0/16", "spare_inner_pool: 10.129.0.0/16, areas: [{name: a, south: 1, refused: true}]"),
    (True, "outer_pool: 100.64.0.0/16", "hmss: [{name: hms-2.example, role: serving}]"),
    (False, "outer_pool: 100.64.0.0/16", "hmss: [{name: hms-2.example, role: other}]"),
    (False, "outer_pool: 100.64.0.0/16", "outer_pool: 100.64.0.0"),
    (False, "outer_pool: 100.64.0.0/16", "spare_inner_pool: 10.129.0.0"),
    (False, "outer_pool: 100.64.0.0/16", "areas: [{south: 1}]"),
    (False, "outer_pool: 100.64.0.0/16", "areas: [{name: a, south: 91}]"),
    (True, "lab: {", "lab: {pm_interval_s: 60, "),
    (False, "lab: {", "lab: {pm_interval_s: -1, "),
    (False, "count: 3", "behind_nat: 1"),
    (False, "count: 3", "behind_nat: {udp_lifetime_s: 0}"),
    (False, "count: 3", "behind_nat: {lifetime: 5}"),
    (True, "    count: 3", "    outer_address: dhcp\n    initial_hms: dhcp\n    count: 3"),
    (False, "    count: 3", "    outer_address: bootp\n    count: 3"),
    (False, "", "uplink: 1\n"),
    (False, "", "up_link: true\n"),
    (False, "", "acs: {ca: ca.pem}\n"),
    (False, "", "acs: {url: 'ftp://127.0.0.1/'}\n"),
    (False, "name: mine", "name: my fleet"),
    (False, "seed: 1", "seed: -1"),
    (False, "start_rate_per_s: 20", "start_rate_per_s: 0"),
    (True, "start_rate_per_s: 20", "time_scale: 60"),
    (False, "start_rate_per_s: 20", "time_scale: 0"),
    (False, "start_rate_per_s: 20", "time_scale: 1.5"),
    (False, "start_rate_per_s: 20", "time_scale: 1001"),
    (False, "100.64.0.0/16", "100.64.0.0"),
    (False, "certificate: expired", "certificate: old"),
    (False, "certificate: expired", "silent: maybe"),
    (False, "name: bad.example, ", ""),
    (False, "    profile: umts-hnb\n", ""),
    (False, "count: 3", "count: 0"),
    (False, "count: 3", "count: 20001"),
    (False, "count: 3", "counts: 3"),
    (False, "index: 2, ", ""),
    (False, "index: 2", "index: 0"),
    (False, "count: 3", "ipsec: some"),
    (False, "count: 3", "ipsec: {psk: k}"),
    (False, "count: 3", "ipsec: {segw: 192.0.2.1, dpd_delay_s: 0}"),
    (False, "count: 3", "ipsec: {segw: 192.0.2.1, remote_ts: [all]}"),
    (False, "count: 3", "location: {latitude: 91}"),
    (False, "count: 3", "location: {altitude: 9}"),
    (False, "count: 3", "acs: {user: u}"),
    (False, "count: 3", "certificate: c.pem"),
    (False, "count: 3", "initial_hms: hms"),
]
