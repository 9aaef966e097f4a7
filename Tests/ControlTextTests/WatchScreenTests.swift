// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmModel
import Testing

@Suite struct WatchScreenTests {
    private static func hash(_ number: Int) -> InfoHash {
        InfoHash(bytes: (0..<20).map { UInt8(truncatingIfNeeded: $0 == 0 ? number : $0 == 1 ? number >> 8 : 0) })!
    }

    private static func torrent(_ number: Int, _ state: TorrentState = .downloading, down: Int = 0) -> TorrentSummary {
        TorrentSummary(
            infoHash: Self.hash(number), name: "release-\(number)", state: state, progress: 0.5, size: 3 << 30,
            downRate: down, upRate: 1_024, peers: 3, eta: 3_725)
    }

    private static func status(_ total: Int, down: Int = 0) -> DaemonStatus.Result {
        DaemonStatus.Result(
            version: "1", pid: 1, uptime: 9, torrents: TorrentCounts(total: total, downloading: total), peers: 0,
            downRate: down, upRate: 0, downloaded: 0,
            uploaded: 0, listen: [], stateDir: "/", downloadDir: "/", picker: "p", choker: "c")
    }

    /// What a daemon with so many torrents answers to what the screen asks for.
    private static func answer(_ screen: WatchScreen, of total: Int, down: Int = 0) -> WatchLook {
        let offset = screen.wanted.offset ?? 0
        let end = min(total, offset + (screen.wanted.limit ?? 0))
        let torrents = offset < end ? (offset..<end).map { Self.torrent($0, down: down) } : []
        var look = WatchLook(status: Self.status(total, down: down), torrents: torrents, offset: offset, total: total)
        if let opened = screen.opened {
            look.opened = opened
            look.pieces = TorrentPieces.Result(
                pieceCount: 100, pieceLength: 1 << 20, have: Base64Bytes([0xFF, 0xF0]), inFlight: [12],
                availability: Base64Bytes((0..<100).map { UInt8($0 % 4) }))
            look.peers = (0..<9).map { number in
                PeerStatus(
                    address: "10.0.0.\(number):6881", client: "Swarm 0.1", incoming: false, transport: "tcp",
                    progress: 1, downRate: 5_000, upRate: 0, downloaded: 9_000, uploaded: 0, interested: true,
                    choked: false, peerInterested: false, peerChoked: true, requests: 3, connected: 60)
            }
        }
        return look
    }

    private static func screen(_ width: Int, _ height: Int, of total: Int, rates: [Int] = [0]) -> WatchScreen {
        var screen = WatchScreen(width: width, height: height)
        for rate in rates { screen.take(Self.answer(screen, of: total, down: rate)) }
        return screen
    }

    private static func fits(_ screen: WatchScreen, _ width: Int, _ height: Int) -> Bool {
        let lines = screen.frame.lines
        return lines.count == height && lines.allSatisfy { Printable.columns($0.text) <= width }
    }

    @Test func `at 80 columns there are head, headings, rows and keys`() {
        let screen = Self.screen(80, 8, of: 2, rates: [0, 512 << 10, 1 << 20])
        let lines = screen.frame.lines
        #expect(lines[0].text.hasPrefix("2 torrents, 2 downloading") && lines[0].text.contains("▁▅█"))
        #expect(
            lines[1].text
                == "NAME                      STATE         DONE       DOWN         UP PEERS     ETA")
        #expect(
            lines[2].text
                == "release-0                 downloading  50.0%  1.0 MiB/s  1.0 KiB/s     3   1h 2m")
        #expect(lines[2].style == .chosen && lines[3].style == .plain)
        #expect(lines[7].text == "q quit  ? keys  enter peers  p pause  l limit  r remove  / find")
    }

    @Test func `at 132 columns sizes and sparklines are there too`() {
        let screen = Self.screen(132, 24, of: 2, rates: [0, 1 << 20])
        let lines = screen.frame.lines
        #expect(lines[1].text.contains("SIZE") && lines[1].text.hasSuffix("RATE"))
        #expect(lines[2].text.contains("3.0 GiB") && lines[2].text.hasSuffix("▂█"))
        #expect(Self.fits(screen, 132, 24))
    }

    @Test(arguments: [1, 2, 3, 7, 10, 24, 60], [1, 5, 20, 40, 79, 80, 132, 300])
    func `every size gives as many lines as it has, none too wide`(height: Int, width: Int) {
        var screen = Self.screen(width, height, of: 50)
        #expect(Self.fits(screen, width, height))
        for key: WatchKey in [
            .enter, .down, .character("?"), .escape, .character("l"), .character("x"), .enter, .escape,
        ] {
            _ = screen.press(key)
            screen.take(Self.answer(screen, of: 50))
            #expect(Self.fits(screen, width, height), "after \(key)")
        }
        screen.lose("cannot reach swarmd at /run/swarm/swarmd.sock: connection refused; start it")
        #expect(Self.fits(screen, width, height))
    }

    @Test func `only what is shown is asked for, and it follows the chosen torrent`() {
        var screen = Self.screen(80, 13, of: 30_000)
        #expect(screen.wanted.limit == 10 && screen.wanted.offset == 0)
        #expect(screen.press(.down) == nil)
        #expect(screen.press(.end) == .look)
        #expect(screen.wanted.offset == 29_990)
        // Until it is there the place is marked.
        #expect(screen.frame.lines[2].text == "…")
        screen.take(Self.answer(screen, of: 30_000))
        #expect(screen.frame.lines[11].text.hasPrefix("release-29999") && screen.frame.lines[11].style == .chosen)
        #expect(screen.press(.pageUp) == nil && screen.press(.pageUp) == .look)
        #expect(screen.wanted.offset == 29_981)
        screen.take(Self.answer(screen, of: 3))
        #expect(screen.wanted.offset == 0)
    }

    @Test func `the chosen torrent stays chosen when one above it goes`() {
        var screen = Self.screen(80, 24, of: 5)
        _ = screen.press(.down)
        _ = screen.press(.down)
        let torrents = (1..<5).map { Self.torrent($0) }
        screen.take(WatchLook(status: Self.status(4), torrents: torrents, total: 4))
        #expect(screen.press(.character("p")) == .pause(Self.hash(2)))
    }

    @Test func `keys pause, resume, announce, limit and remove`() {
        var screen = Self.screen(80, 24, of: 1)
        let hash = Self.hash(0)
        #expect(screen.press(.character("p")) == .pause(hash))
        screen.take(WatchLook(status: Self.status(1), torrents: [Self.torrent(0, .paused)], total: 1))
        #expect(screen.press(.character("p")) == .resume(hash))
        #expect(screen.press(.character("a")) == .announce(hash))
        #expect(screen.press(.character("l")) == nil)
        for letter in "2M 512K" { #expect(screen.press(.character(letter)) == nil) }
        #expect(screen.frame.lines[23].text == "limit release-0, down and up (0 for none): 2M 512K_")
        #expect(screen.press(.enter) == .limit(hash, down: 2 << 20, up: 512 << 10))
        #expect(screen.press(.character("r")) == nil)
        #expect(screen.frame.lines[23].text.hasPrefix("remove release-0?"))
        #expect(screen.press(.character("y")) == .remove(hash, deleteData: false))
        _ = screen.press(.character("r"))
        #expect(screen.press(.character("D")) == .remove(hash, deleteData: true))
        for key: WatchKey in [.enter, .escape, .character("n"), .character("d"), .character("Y")] {
            _ = screen.press(.character("r"))
            #expect(screen.press(key) == nil)
        }
        #expect(screen.press(.character("q")) == .quit && screen.press(.interrupt) == .quit)
    }

    @Test(arguments: ["", "1M", "x y", "1M 2M 3M"]) func `limits that are none are told so and can be mended`(
        text: String
    ) {
        var screen = Self.screen(80, 24, of: 1)
        _ = screen.press(.character("l"))
        for letter in text { _ = screen.press(.character(letter)) }
        #expect(screen.press(.enter) == nil)
        #expect(screen.frame.lines[23].style == .alarm)
        for _ in text { _ = screen.press(.backspace) }
        for letter in "0 1K/s" { _ = screen.press(.character(letter)) }
        #expect(screen.press(.enter) == .limit(Self.hash(0), down: 0, up: 1_024))
    }

    @Test func `a filter is typed, asked for, and taken back`() {
        var screen = Self.screen(80, 24, of: 9)
        _ = screen.press(.character("/"))
        for letter in "deb" { _ = screen.press(.character(letter)) }
        #expect(screen.press(.enter) == .look && screen.wanted.text == "deb")
        screen.take(WatchLook(status: Self.status(9), torrents: [], total: 0))
        #expect(screen.frame.lines[2].text == "no name contains that")
        #expect(screen.press(.escape) == .look && screen.wanted.text == nil)
    }

    @Test func `the lower half shows the pieces and peers of the chosen torrent`() {
        var screen = Self.screen(80, 24, of: 9)
        #expect(screen.opened == nil)
        #expect(screen.press(.enter) == .look && screen.opened == Self.hash(0))
        #expect(screen.frame.text.contains("…"))
        screen.take(Self.answer(screen, of: 9))
        let text = screen.frame.text
        #expect(text.contains("████████████↓░▒▒×░▒▒") && text.contains("12 of 100 pieces of 1.0 MiB\n"))
        #expect(text.contains("█ here  ↓ on its way  missing, holders: × 0  ░ 1  ▒ 2-3\n"))
        #expect(screen.frame.drawing(colours: true).contains("\u{1B}[32m████████████\u{1B}[0m\u{1B}[35m↓\u{1B}[0m"))
        #expect(!screen.frame.drawing(colours: false).contains("\u{1B}[3"))
        #expect(text.contains("10.0.0.1:6881") && text.contains("more\n"))
        #expect(screen.press(.down) == .look && screen.opened == Self.hash(1))
        #expect(screen.press(.escape) == .look && screen.opened == nil)
    }

    @Test func `where the terminal has plain characters only, it draws with those`() {
        var screen = WatchScreen(width: 132, height: 24, glyphs: .ascii)
        for rate in [0, 1 << 20] { screen.take(Self.answer(screen, of: 2, down: rate)) }
        _ = screen.press(.enter)
        screen.take(Self.answer(screen, of: 2))
        let text = screen.frame.text
        #expect(text.contains("############~.::!.::") && text.contains("#"))
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } || $0.contains("…") })
    }

    @Test func `a name that would steer the terminal does not`() {
        var screen = WatchScreen(width: 80, height: 24)
        var evil = Self.torrent(0)
        evil.name = "a\u{1B}[2J\r\nb"
        screen.take(WatchLook(status: Self.status(1), torrents: [evil], total: 1))
        _ = screen.press(.enter)
        _ = screen.press(.character("l"))
        #expect(!screen.frame.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(Self.fits(screen, 80, 24))
    }

    @Test func `without colours there are none, and every style is ended`() {
        var screen = Self.screen(80, 24, of: 3)
        screen.lose("gone")
        #expect(screen.frame.drawing(colours: true).contains("\u{1B}[31mgone\u{1B}[0m"))
        let plain = screen.frame.drawing(colours: false)
        #expect(!plain.contains("\u{1B}[31m") && plain.contains("\u{1B}[1mgone\u{1B}[0m"))
        #expect(!plain.hasSuffix("\n"))
    }
}
