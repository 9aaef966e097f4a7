// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct ListingTests {
    @Test func `only torrents in the states that are asked for are listed`() async throws {
        try await DaemonFixture.run { daemon in
            let paused = try await daemon.share(try daemon.payload("paused")).infoHash
            let seeded = try await daemon.share(try daemon.payload("seeded")).infoHash
            _ = try await daemon.directory.pause(TorrentSelector("\(paused)"))
            let cases: [([TorrentState]?, [InfoHash])] = [
                ([.paused], [paused]), ([.seeding, .checking], [seeded]), ([.seeding, .paused], [paused, seeded]),
                ([.queued], []), ([], []), (nil, [paused, seeded]),
            ]
            for (states, listed) in cases {
                let list = try await daemon.directory.list(TorrentList.Params(states: states))
                #expect(list.torrents.map(\.infoHash) == listed)
            }
        }
    }

    @Test(arguments: [("sedding", "seeding"), ("pause", "paused"), ("Queued", "queued"), ("gone", nil), ("", nil)])
    func `a word that is no state is named, with the one that was meant`(
        _ word: String, _ meant: String?
    ) async throws {
        try await DaemonFixture.run { daemon in
            var params = TorrentList.Params(states: [.paused])
            params.states?.append(word)
            let error = await #expect(throws: ControlError.self) { try await daemon.directory.list(params) }
            #expect(error?.code == .invalidParams)
            let all = "checking, metadata, downloading, seeding, paused, queued, suspended"
            #expect(
                error?.message == "torrent.list: states: each is one of \(all), not \u{201C}\(word)\u{201D}"
                    + (meant.map { "; did you mean \($0)?" } ?? ""))
        }
    }
}
