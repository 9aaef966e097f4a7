// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwarmModel
import Testing

@testable import ControlWire

@Suite struct LongListTests {
    private func hash(_ number: UInt8) throws -> InfoHash {
        try #require(InfoHash(bytes: (0..<20).map { $0 &* 13 &+ number }))
    }

    @Test func `a list has the text that the encoder would give it`() throws {
        var all = String(decoding: (1..<128).map { UInt8($0) }, as: UTF8.self)
        all += "\u{7F}\u{80}\u{2028}žluťoučký 🐎"
        let plain = TorrentSummary(infoHash: try self.hash(1), name: all, state: .seeding, progress: 1, size: .max)
        let busy = TorrentSummary(
            infoHash: try self.hash(2), name: "", state: .downloading, progress: 1.0 / 3, size: 7, downloaded: 3,
            uploaded: 9, downRate: 1, upRate: 2, peers: 4, seeds: 5, eta: 66, error: "a \"b\" \\ c/d")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for result in [
            TorrentList.Result(torrents: []), TorrentList.Result(torrents: [plain]),
            TorrentList.Result(torrents: [plain, busy], next: "\(try self.hash(2))"),
        ] {
            let text = String(decoding: try encoder.encode(result), as: UTF8.self)
            #expect(String(decoding: result.jsonText, as: UTF8.self) == text)
            #expect(try JSONCoding.encode(result) == result.jsonText)
            #expect(try JSONCoding.decode(TorrentList.Result.self, from: result.jsonText) == result)
        }
    }

    @Test(arguments: [0, 0.5, 0.1, 1e-9, 0.9999999999999999, 1])
    func `a progress is written as the encoder would`(progress: Double) throws {
        let torrent = TorrentSummary(infoHash: try self.hash(3), name: "n", state: .checking, progress: progress)
        let text = String(decoding: try JSONEncoder().encode([torrent.progress]), as: UTF8.self)
        let line = String(decoding: TorrentList.Result(torrents: [torrent]).jsonText, as: UTF8.self)
        #expect(line.contains("\"progress\":" + text.dropFirst().dropLast() + ","))
    }
}
