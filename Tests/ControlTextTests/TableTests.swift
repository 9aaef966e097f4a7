// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmModel
import Testing

@Suite struct TableTests {
    private static let hash = InfoHash(hex: "0123456789abcdef0123456789abcdef01234567")!

    @Test func `columns are aligned, numbers at the right`() {
        var table = TextTable([.text("ID"), .flexible("NAME"), .number("SIZE")])
        table.append(["a", "first", "1"])
        table.append(["bcd", "x", "1000"])
        #expect(table.text() == "ID   NAME   SIZE\na    first     1\nbcd  x      1000\n")
    }

    @Test(arguments: 20...60)
    func `the flexible column gives way to the terminal`(width: Int) {
        var table = TextTable([.text("ID"), .flexible("NAME"), .number("SIZE")])
        table.append(["a", "a name that goes on and on and on and on", "100"])
        for line in table.text(width: width).split(separator: "\n") {
            #expect(Printable.columns(String(line)) <= width)
        }
    }

    @Test func `names cannot steer the terminal`() {
        let evil = "a\u{1B}[2Jb\nc\u{202E}d\u{9B}e"
        #expect(Printable.clean(evil) == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}e")
        let list = Report.list(
            [TorrentSummary(infoHash: Self.hash, name: evil, state: .paused, error: evil)], width: nil)
        #expect(!list.contains("\u{1B}"))
        #expect(list.split(separator: "\n").count == 2)
    }

    @Test func `wide characters count double and are cut whole`() {
        #expect(Printable.columns("日本") == 4)
        #expect(Printable.fit("日本語", to: 4) == "日…")
        #expect(Printable.fit("abc", to: 3) == "abc")
        #expect(Printable.fit("abcd", to: 3) == "ab…")
        #expect(Printable.fit("abcd", to: 0).isEmpty)
    }

    @Test func `the list shows what a person wants to know`() {
        let torrent = TorrentSummary(
            infoHash: Self.hash, name: "release", state: .downloading, progress: 0.5, size: 1 << 30, downRate: 1 << 20,
            peers: 3, eta: 512)
        #expect(
            Report.list([torrent], width: nil) == """
                ID        NAME     STATE         DONE     SIZE       DOWN     UP  PEERS     ETA
                01234567  release  downloading  50.0%  1.0 GiB  1.0 MiB/s  0 B/s      3  8m 32s

                """)
    }

    @Test func `an error gets a column of its own`() {
        let torrent = TorrentSummary(infoHash: Self.hash, name: "n", state: .suspended, error: "no space left")
        #expect(Report.list([torrent], width: nil).contains("ERROR"))
    }

    @Test func `empty lists say so`() {
        #expect(Report.list([], width: nil).contains("no torrents"))
        #expect(Report.peers([], width: nil).contains("no peers"))
        #expect(Report.trackers([], now: 0, width: nil).contains("no trackers"))
        #expect(Report.catalogue([], width: nil).contains("nothing found"))
    }

    @Test func `hostile times do not trap`() {
        let tracker = TrackerStatus(url: "u", tier: 0, state: .idle, nextAnnounce: .min)
        #expect(Report.trackers([tracker], now: 5, width: nil).contains("0s"))
    }

    @Test func `details are lines of name and value`() {
        let text = Report.detail(
            TorrentDetail(summary: TorrentSummary(infoHash: Self.hash, name: "n", state: .metadata)), time: { "@\($0)" }
        )
        #expect(text.contains("info-hash: \(Self.hash)\n"))
        #expect(text.contains("not known yet"))
        #expect(text.contains("@0"))
    }

    @Test func `an error lists the candidates`() {
        let error = ControlError(
            .ambiguous, "two", candidates: [.init(infoHash: Self.hash, name: "a"), .init(name: "b")])
        #expect(Report.error(error) == "swarmctl: two\n    01234567  a\n    b\n")
    }

    private static func setting(
        _ key: String, _ value: String?, _ origin: ConfigOrigin, live: Bool, place: String? = nil,
        configured: String? = nil
    ) -> ConfigSetting {
        ConfigSetting(
            key: key, value: value, origin: origin, place: place, configured: configured, live: live, accepts: "0 to 9",
            help: "Much.")
    }

    @Test func `the configuration shows where each value comes from, and what waits`() {
        let settings = [
            Self.setting("a.b", "1", .default, live: true), Self.setting("a.c", nil, .default, live: false),
            Self.setting("a.d", "2", .file, live: false, place: "/f:3", configured: "4"),
            Self.setting("a.e", "5", .live, live: true, configured: "6"),
        ]
        #expect(
            Report.settings(settings, width: nil) == """
                KEY  VALUE  CHANGES     FROM      FILE SAYS
                a.b  1      live        default
                a.c  -      at restart  default
                a.d  2      at restart  /f:3      4
                a.e  5      live        set live  6

                """)
        #expect(!Report.settings([settings[0]], width: nil).contains("FILE SAYS"))
        #expect(Report.setting(settings[2]).contains("file says: 4, used after a restart\n"))
        #expect(Report.setting(settings[3]).contains("file says: 6, used after a reload\n"))
        #expect(Report.setting(settings[1]).contains("value:   unset\n"))
        #expect(Report.changed(settings[2]) == "a.d = 2, as in /f:3\n")
        #expect(Report.changed(settings[0]) == "a.b = 1, the default\n")
        #expect(Report.changed(settings[3]) == "a.e = 5, until the next reload or restart (the files say 6)\n")
    }
}
