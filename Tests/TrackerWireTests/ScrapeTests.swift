// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel
import Testing
import TrackerWire

@Suite struct ScrapeTests {
    static let hashes = (0..<5).map { seed in InfoHash(bytes: (0..<20).map { UInt8(($0 * 31 + seed * 77) % 256) })! }

    @Test(
        arguments: [
            ("http://t/announce", "http://t/scrape"),
            ("http://t/x/announce", "http://t/x/scrape"),
            ("http://t/announce.php", "http://t/scrape.php"),
            ("http://t/announce?x2%0644", "http://t/scrape?x2%0644"),
            ("http://t/a", nil),
            ("http://t/announce?x=2/4", nil),
            ("http://t/x%064announce", nil),
            ("nonsense", nil),
        ] as [(String, String?)])
    func `the scrape address follows from the announce address`(announce: String, scrape: String?) {
        #expect(ScrapeRequest.base(announce: announce) == scrape)
    }

    @Test func `hashes survive the query`() throws {
        let request = ScrapeRequest(infoHashes: Self.hashes)
        #expect(try ScrapeRequest(query: request.query) == request)
        #expect(request.url(announce: "http://t/announce?k=1") == "http://t/scrape?k=1&" + request.query)
        #expect(try ScrapeRequest(query: "k=1").infoHashes.isEmpty)
    }

    @Test func `too many hashes are refused`() {
        let request = ScrapeRequest(infoHashes: Array(repeating: Self.hashes[0], count: ScrapeRequest.maximumCount + 1))
        #expect(throws: TrackerQueryError.tooManyHashes(ScrapeRequest.maximumCount)) {
            try ScrapeRequest(query: request.query)
        }
    }

    @Test func `counts survive, and a torrent asked for twice is told once`() throws {
        let entries = Self.hashes.enumerated().map { index, hash in
            ScrapeResponse.Entry(
                infoHash: hash, complete: UInt64(index), incomplete: UInt64(index) + 10, downloaded: UInt64(index) + 20)
        }
        let reply = ScrapeReply.accepted(
            ScrapeResponse(entries: entries + entries, minimumInterval: .seconds(60)))
        let bytes = reply.encoded
        #expect(try BencodeValue(parsing: bytes).isCanonical)
        guard case .accepted(let response) = try ScrapeReply(decoding: bytes) else { return #expect(Bool(false)) }
        #expect(response.entries.count == entries.count && response.minimumInterval == .seconds(60))
        for entry in entries { #expect(response[entry.infoHash] == entry) }
    }

    @Test func `refusals and nonsense are told apart`() throws {
        let refusal = ScrapeReply.refused(TrackerRefusal(reason: "no"))
        #expect(try ScrapeReply(decoding: refusal.encoded) == refusal)
        #expect(throws: TrackerReplyError.missing("files")) { try ScrapeReply(decoding: Array("de".utf8)) }
        #expect(throws: TrackerReplyError.wrongType("files")) { try ScrapeReply(decoding: Array("d5:filesi1ee".utf8)) }
        let odd = try ScrapeReply(decoding: Array("d5:filesd3:abcde20:aaaaaaaaaaaaaaaaaaaai1eee".utf8))
        #expect(odd == .accepted(ScrapeResponse(entries: [])))
    }
}
