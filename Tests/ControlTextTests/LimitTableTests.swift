// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Testing

@Suite struct LimitTableTests {
    private static func settings(
        _ values: [String: String], configured: [String: String] = [:]
    ) -> [ConfigSetting] {
        Report.limitKeys.map { name in
            let key = String(name.dropFirst("limits.".count))
            let value = values[key] ?? (key == "schedule" ? "[]" : "\"0 B\"")
            return ConfigSetting(
                key: name, value: value, origin: configured[key] == nil ? .file : .live, configured: configured[key],
                live: true, accepts: "", help: "")
        }
    }

    @Test func `without a schedule one line says it`() {
        #expect(
            Report.limitsOfAll(Self.settings(["download": "\"800 KiB\""]), width: nil) == """
                all torrents together:
                WHEN         DOWN        UP
                always  800 KiB/s  no limit

                """)
    }

    @Test func `with a schedule each of its times has a line, and what else holds comes last`() {
        let settings = Self.settings([
            "download": "0", "upload": "\"2 MiB\"", "schedule": #"["mon-fri 08:00-18:00", "22:00-06:00"]"#,
            "scheduled_download": "\"500 kB\"", "scheduled_upload": "\"64 KiB\"",
        ])
        #expect(
            Report.limitsOfAll(settings, width: nil) == """
                all torrents together:
                WHEN                      DOWN          UP
                mon-fri 08:00-18:00  488 KiB/s  64.0 KiB/s
                22:00-06:00          488 KiB/s  64.0 KiB/s
                otherwise             no limit   2.0 MiB/s

                """)
    }

    @Test func `what was set live tells what the files say`() {
        let settings = Self.settings(
            ["upload": "\"1 MiB\""], configured: ["upload": "\"0 B\"", "schedule": #"["22:00-06:00"]"#])
        let text = Report.limitsOfAll(settings, width: nil)
        #expect(text.contains("always  no limit  1.0 MiB/s\n"), "\(text)")
        #expect(text.contains("limits.upload holds until the next reload or restart; the files say no limit\n"))
        #expect(text.contains("limits.schedule holds until the next reload or restart; the files say 22:00-06:00\n"))
    }

    @Test func `a value of another form is shown as it is`() {
        let text = Report.limitsOfAll(Self.settings(["upload": "\"much\""]), width: nil)
        #expect(text.contains("\"much\""), "\(text)")
    }
}
