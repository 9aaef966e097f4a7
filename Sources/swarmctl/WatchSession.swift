// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Glibc
import SwarmModel

/// The live view at work: keys and the daemon's answers go into the screen, its frames to the terminal.
struct WatchSession {
    /// Between two looks at the daemon, in milliseconds.
    private static let interval: Int64 = 1_000
    /// How long a key sequence may take to arrive, in milliseconds.
    private static let sequencePatience: Int32 = 50

    private let connect: () throws(Failure) -> ControlClient
    private var client: ControlClient?
    private var screen: WatchScreen
    private var keys = WatchKeyReader()
    private var nextLook: Int64 = 0
    private let hasColours: Bool

    init(
        _ client: ControlClient, glyphs: GlyphSet, connect: @escaping () throws(Failure) -> ControlClient
    ) {
        self.client = client
        self.connect = connect
        self.screen = WatchScreen(
            width: Terminal.width() ?? 80, height: Terminal.height, glyphs: glyphs)
        self.hasColours = Terminal.hasColours
    }

    /// Draws until the user leaves. The terminal is as it was when this returns or throws.
    mutating func run() throws(Failure) {
        let terminal = try FullScreen()
        defer { terminal.leave() }
        while true {
            if Self.now >= self.nextLook { self.look() }
            terminal.draw(self.screen.frame.drawing(colours: self.hasColours))
            let wait = Int32(clamping: max(0, self.nextLook - Self.now))
            switch terminal.wait(milliseconds: self.keys.isWaiting ? min(wait, Self.sequencePatience) : wait) {
            case .ended: return
            case .resized: self.screen.resize(width: Terminal.width() ?? 80, height: Terminal.height)
            case .typed(let bytes):
                for key in self.keys.receive(bytes) { if self.press(key) { return } }
            case .nothing:
                for key in self.keys.flush() { if self.press(key) { return } }
            }
        }
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Asks the daemon. One that has gone is tried again with the next look; what was known stays on the screen.
    private mutating func look() {
        self.nextLook = Self.now + Self.interval
        do throws(Failure) {
            let client: ControlClient
            if let known = self.client { client = known } else { client = try self.connect() }
            self.client = client
            let params = self.screen.wanted
            let list = try client.call(TorrentList.self, params)
            var look = WatchLook(
                status: try client.call(DaemonStatus.self, NoFields()), torrents: list.torrents,
                offset: params.offset ?? 0, total: list.total ?? list.torrents.count)
            if let opened = self.screen.opened, list.torrents.contains(where: { $0.infoHash == opened }) {
                let selector = SelectorParams(id: TorrentSelector(opened.description))
                look.opened = opened
                look.peers = try client.call(TorrentPeers.self, selector).peers
                look.pieces = try client.call(TorrentPieces.self, selector)
            }
            self.screen.take(look)
            // Fewer than before: the page lies behind the end.
            if list.torrents.isEmpty, look.total > 0 { self.nextLook = 0 }
        } catch {
            self.take(error)
        }
    }

    /// Does what a key asks for; true when that is to leave.
    private mutating func press(_ key: WatchKey) -> Bool {
        guard let action = self.screen.press(key) else { return false }
        self.nextLook = 0
        do throws(Failure) {
            switch action {
            case .quit: return true
            case .look: break
            case .pause(let torrent): try self.call(TorrentPause.self, torrent)
            case .resume(let torrent): try self.call(TorrentResume.self, torrent)
            case .announce(let torrent):
                try self.call(TorrentAnnounce.self, torrent)
                self.screen.tell("the trackers are asked for peers", isAlarm: false)
            case .limit(let torrent, let down, let up):
                let id = TorrentSelector(torrent.description)
                let limits = try self.client?.call(TorrentLimit.self, .init(id: id, down: down, up: up))
                self.screen.tell(limits.map { Self.words(for: $0) } ?? "", isAlarm: false)
            case .remove(let torrent, let deleteData):
                let id = TorrentSelector(torrent.description)
                let gone = try self.client?.call(TorrentRemove.self, .init(id: id, deleteData: deleteData))
                self.screen.tell("removed \(gone?.name ?? "it")", isAlarm: false)
            }
        } catch {
            self.take(error)
        }
        return false
    }

    private func call<Method: ControlMethod>(
        _ method: Method.Type, _ torrent: InfoHash
    ) throws(Failure) where Method.Params == SelectorParams {
        _ = try self.client?.call(method, SelectorParams(id: TorrentSelector(torrent.description)))
    }

    private mutating func take(_ failure: Failure) {
        switch failure {
        case .refused(let error): self.screen.tell(error.message, isAlarm: true)
        case .failed(let reason), .usage(let reason), .timedOut(let reason):
            self.screen.tell(reason, isAlarm: true)
        case .unreachable(let reason):
            self.client = nil
            self.screen.lose(reason)
        case .partly: break
        }
    }

    private static func words(for limits: TorrentLimits) -> String {
        let (down, up) = (limits.down, limits.up)
        let words = [("down", down), ("up", up)].map { "\($0) \($1 == 0 ? "without limit" : SizeText.rate($1))" }
        return "\(limits.name): " + words.joined(separator: ", ")
    }
}
