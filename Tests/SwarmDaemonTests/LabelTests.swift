// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct LabelTests {
    private static func label(
        _ daemon: DaemonFixture, _ torrent: TorrentSummary, add: [String] = [], remove: [String] = []
    ) async throws -> [String] {
        try await daemon.directory.label(
            .init(id: TorrentSelector("\(torrent.infoHash)"), add: add, remove: remove)
        ).labels
    }

    @Test func `labels are added and taken away, listed by, and stay over a restart`() async throws {
        try await DaemonFixture.withFolder { folder in
            try await DaemonFixture.wake(in: folder) { daemon in
                let one = try await daemon.share(try daemon.payload("one"))
                let two = try await daemon.share(try daemon.payload("two"))
                #expect(try await Self.label(daemon, one, add: ["urgent", "linux", "urgent"]) == ["linux", "urgent"])
                #expect(try await Self.label(daemon, two, add: ["linux"], remove: ["none"]) == ["linux"])
                #expect(try await Self.label(daemon, one, remove: ["linux"]) == ["urgent"])
                #expect(try await Self.label(daemon, one) == ["urgent"])
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                func names(_ labels: [String]?) async throws -> [String] {
                    try await daemon.directory.list(.init(labels: labels)).torrents.map(\.name)
                }
                #expect(try await names(["linux"]) == ["two"])
                #expect(try await names(["urgent"]) == ["one"])
                #expect(try await names(["linux", "urgent"]) == ["one", "two"])
                #expect(try await names(["x"]) == [])
                let list = try await daemon.directory.list(.init())
                #expect(list.torrents.map(\.labels) == [["urgent"], ["linux"]])
                #expect(Report.list(list.torrents, width: nil).contains("LABELS"))
            }
        }
    }

    @Test func `what is no label is refused, and so are too many`() async throws {
        for text in ["", "+a", "-a", " a", "a ", "a,b", "a\nb", "\u{7F}", String(repeating: "x", count: 65)] {
            #expect(throws: ControlError.self) { try LabelSet([text]) }
        }
        var set = try LabelSet(["a b", "ü", String(repeating: "x", count: 64)])
        #expect(throws: ControlError.self) { try set.change(adding: (0..<30).map { "l\($0)" }, removing: []) }
        #expect(set.labels.count == 3)
        try set.change(adding: (0..<30).map { "l\($0)" }, removing: ["ü"])
        #expect(set.labels.count == 32)
    }

    @Test func `a torrent is added with labels, a magnet link as well`() async throws {
        try await DaemonFixture.run { daemon in
            let link = TorrentSource.infoHash(InfoHash(hex: String(repeating: "a", count: 40))!)
            let one = try await daemon.methods.add(TorrentAdd.Params(source: link, labels: ["new"]))
            #expect(try await daemon.summary(one.infoHash).labels == ["new"])
            let source = try await daemon.torrent(of: try daemon.payload("album"))
            let two = try await daemon.methods.add(TorrentAdd.Params(source: source, labels: ["b", "a"]))
            #expect(try await daemon.summary(two.infoHash).labels == ["a", "b"])
        }
    }

    @Test func `words become what is added and what is taken away`() {
        let changes = LabelChanges(["+a", "-b", "+c d"])
        #expect(changes?.added == ["a", "c d"] && changes?.removed == ["b"])
        #expect(LabelChanges([]) == LabelChanges([]) && LabelChanges(["a"]) == nil && LabelChanges(["+"]) == nil)
    }
}
