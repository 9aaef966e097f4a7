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
            TorrentList.Result(torrents: [plain, busy], next: "\(try self.hash(2))", total: 7),
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

    @Test func `an event has the text that the encoder would give it`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var plain = Samples.event
        plain.infoHash = nil
        plain.name = nil
        plain.details = [:]
        for event in [Samples.event, plain] {
            let text = String(decoding: try encoder.encode(event), as: UTF8.self)
            #expect(String(decoding: event.jsonText, as: UTF8.self) == text)
            let line = ControlNotification.line("events.event", event.jsonText)
            #expect(line.last == UInt8(ascii: "\n"))
            #expect(try ControlNotification(line: Array(line.dropLast())) == .event(event))
        }
    }

    @Test func `only the fields that are asked for are written, and the info-hash`() throws {
        let params = TorrentList.Params(fields: ["state", "name"])
        var result = TorrentList.Result(
            torrents: [TorrentSummary(infoHash: Samples.hash, name: "n", state: .paused)], next: "x")
        result.selection = try params.selection()
        #expect(
            String(decoding: result.jsonText, as: UTF8.self)
                == #"{"next":"x","torrents":[{"info_hash":"\#(Samples.hash)","name":"n","state":"paused"}]}"#)
        #expect { try TorrentList.Params(fields: ["nmae"]).selection() } throws: {
            let error = $0 as? ControlError
            return error?.code == .invalidParams && error?.message.contains("did you mean name?") == true
        }
    }
}
