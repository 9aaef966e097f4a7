// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import SwarmConfig
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct FolderWatcherTests {
    /// A daemon that watches `watch` in its folder, and what it logs.
    private static func run(
        _ more: String = "", _ body: (ConfiguredDaemon, FolderWatcher, String) async throws -> Void
    ) async throws {
        try await ConfiguredDaemon.run { configured in
            let folder = configured.daemon.folder + "/watch"
            mkdir(folder, 0o755)
            try await configured.reload("[watch.one]\npath = \"\(folder)\"\n" + more)
            let services = configured.daemon.methods.services
            let watcher = FolderWatcher(configured.daemon.directory, services)
            do {
                try await body(configured, watcher, folder)
            } catch {
                await watcher.stop()
                throw error
            }
            await watcher.stop()
        }
    }

    private static func metainfo(_ daemon: DaemonFixture, _ name: String) async throws -> [UInt8] {
        guard case .metainfo(let bytes) = try await daemon.torrent(of: try daemon.payload(name)) else { return [] }
        return bytes.bytes
    }

    /// Has every file lain there for long.
    private static func age(_ path: String) {
        var times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
        utimensat(AT_FDCWD, path, &times, 0)
    }

    private static func names(_ daemon: DaemonFixture) async throws -> [String] {
        try await daemon.directory.list(.init()).torrents.map(\.name)
    }

    @Test func `files that are there are added as the folder says, and renamed`() async throws {
        try await Self.run("label = \"new, music\"\npaused = true\n") { configured, watcher, folder in
            let daemon = configured.daemon
            try DaemonFixture.write(try await Self.metainfo(daemon, "album"), to: folder + "/a.torrent")
            let link = "magnet:?xt=urn:btih:" + String(repeating: "a", count: 40) + "&dn=linked\n"
            try DaemonFixture.write(Array(link.utf8), to: folder + "/b.Magnet")
            try DaemonFixture.write([1], to: folder + "/.c.torrent")
            try DaemonFixture.write([1], to: folder + "/readme.txt")
            for name in ["/a.torrent", "/b.Magnet", "/.c.torrent"] { Self.age(folder + name) }
            let next = await watcher.look()
            #expect(try await Self.names(daemon).sorted() == ["album", "linked"])
            let list = try await daemon.directory.list(.init()).torrents
            #expect(list.allSatisfy { $0.labels == ["music", "new"] && $0.state == .paused })
            for name in ["/a.torrent.added", "/b.Magnet.added", "/.c.torrent", "/readme.txt"] {
                #expect(DaemonFixture.exists(folder + name), "\(name)")
            }
            #expect(next == 60_000)
            // The same once more is there already, which is as good.
            try DaemonFixture.write(try await Self.metainfo(daemon, "album"), to: folder + "/a.torrent")
            Self.age(folder + "/a.torrent")
            _ = await watcher.look()
            #expect(DaemonFixture.exists(folder + "/a.torrent.added.2"))
        }
    }

    @Test func `half a file is left alone, and what stays bad is refused with one line`() async throws {
        try await Self.run { configured, watcher, folder in
            let daemon = configured.daemon
            let whole = try await Self.metainfo(daemon, "album")
            let path = folder + "/a.torrent"
            try DaemonFixture.write(Array(whole.prefix(50)), to: path)
            let now = FolderWatcher.clock()
            for seconds in [0, 4, 20, 50] as [Int64] { _ = await watcher.look(now: now + seconds * 1_000) }
            #expect(DaemonFixture.exists(path))
            try DaemonFixture.write(whole, to: path)
            _ = await watcher.look(now: now + 55_000)
            _ = await watcher.look(now: now + 60_000)
            #expect(try await Self.names(daemon) == ["album"])
            try DaemonFixture.write(Array("nonsense".utf8), to: folder + "/b.torrent")
            Self.age(folder + "/b.torrent")
            for seconds in 61...65 as ClosedRange<Int64> { _ = await watcher.look(now: now + seconds * 1_000) }
            #expect(DaemonFixture.exists(folder + "/b.torrent.refused"))
        }
    }

    @Test func `a folder that is missing is told of once, and used when it is there`() async throws {
        try await Self.run { configured, watcher, folder in
            rmdir(folder)
            #expect(await watcher.look() == 10_000)
            #expect(await watcher.look() == 10_000)
            mkdir(folder, 0o755)
            try DaemonFixture.write(
                try await Self.metainfo(configured.daemon, "album"), to: folder + "/a.torrent")
            Self.age(folder + "/a.torrent")
            #expect(await watcher.look() == 60_000)
            #expect(try await Self.names(configured.daemon) == ["album"])
            try await configured.reload("")
            #expect(await watcher.look() == nil)
        }
    }

    @Test func `a download folder that is missing keeps the file waiting, not refused`() async throws {
        try await DaemonFixture.withFolder { elsewhere in
            try await Self.run("dir = \"\(elsewhere)/none\"\n") { configured, watcher, folder in
                try DaemonFixture.write(
                    try await Self.metainfo(configured.daemon, "album"), to: folder + "/a.torrent")
                Self.age(folder + "/a.torrent")
                let now = FolderWatcher.clock()
                #expect(await watcher.look(now: now) == 10_000)
                #expect(DaemonFixture.exists(folder + "/a.torrent"))
                mkdir(elsewhere + "/none", 0o755)
                _ = await watcher.look(now: now + 10_000)
                #expect(try await Self.names(configured.daemon) == ["album"])
            }
        }
    }

    @Test func `links, pipes and folders in a watched folder are not touched`() async throws {
        try await Self.run { configured, watcher, folder in
            let secret = configured.daemon.folder + "/secret"
            try DaemonFixture.write(try await Self.metainfo(configured.daemon, "album"), to: secret)
            symlink(secret, folder + "/a.torrent")
            mkfifo(folder + "/b.torrent", 0o600)
            mkdir(folder + "/c.torrent", 0o755)
            _ = await watcher.look()
            #expect(try await Self.names(configured.daemon).isEmpty)
            #expect(DaemonFixture.exists(folder + "/a.torrent") && DaemonFixture.exists(folder + "/b.torrent"))
        }
    }

    @Test func `the kernel tells of a file that is closed, and of one that is moved in`() async throws {
        try await Self.run { configured, watcher, folder in
            let daemon = configured.daemon
            let first = try await Self.metainfo(daemon, "album")
            let second = try await Self.metainfo(daemon, "other")
            let running = Task { await watcher.run() }
            try DaemonFixture.write(second, to: daemon.folder + "/b.torrent")
            try DaemonFixture.write(first, to: folder + "/a.torrent")
            rename(daemon.folder + "/b.torrent", folder + "/b.torrent")
            while try await Self.names(daemon).count < 2 { await Task.yield() }
            running.cancel()
            await running.value
        }
    }

    @Test func `a table of a folder is checked key by key`() async throws {
        try await ConfiguredDaemon.run { configured in
            for (text, words) in [
                ("path = \"relative\"", "watch.x.path: expected an absolute path"),
                ("pth = \"/a\"", "did you mean path?"), ("dir = \"/a\"", "must have a path"),
                ("path = \"/a\"\npaused = \"yes\"", "watch.x.paused: expected true or false"),
                ("path = \"/a\"\nlabel = \"+a\"", "is no label"),
            ] {
                try await configured.reload("[watch.x]\n\(text)\n")
                #expect(configured.log.all.contains { $0.message.contains(words) }, "\(text)")
                #expect(configured.running.watch.folders.isEmpty)
            }
            try await configured.reload("[watch.x]\npath = \"/a\"\n[watch]\ninterval = \"5 s\"\n")
            #expect(configured.running.watch.folders.map(\.path) == ["/a"])
            let setting = try await configured.keeper.set("watch.x.label", to: "one, two")
            #expect(setting.value == "\"one, two\"")
            #expect(configured.running.watch.folders.first?.labels == ["one", "two"])
        }
    }
}
