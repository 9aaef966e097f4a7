// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel
import Testing

@Suite struct TorrentSelectorTests {
    private static let list: [(infoHash: InfoHash, name: String)] = [
        (Samples.hash, "release-42"), (Samples.otherHash, "release-43"),
        (InfoHash(hex: "beef000000000000000000000000000000000000")!, "twin"),
        (InfoHash(hex: "cafe000000000000000000000000000000000000")!, "twin"),
        (InfoHash(hex: "dead000000000000000000000000000000000000")!, "beef"),
    ]

    @Test(arguments: [
        ("01234", Samples.hash), ("0123F", Samples.otherHash), ("release-42", Samples.hash),
        ("0123456789ABCDEF0123456789abcdef01234567", Samples.hash),
        ("cafe", InfoHash(hex: "cafe000000000000000000000000000000000000")!),
    ])
    func `one torrent is found by digits or name`(text: String, hash: InfoHash) throws {
        #expect(try TorrentSelector(text).resolve(in: Self.list) == hash)
    }

    @Test(arguments: [("0123", 2), ("twin", 2), ("beef", 2)])
    func `several are ambiguous and listed`(text: String, count: Int) {
        let error = #expect(throws: ControlError.self) { try TorrentSelector(text).resolve(in: Self.list) }
        #expect(error?.code == .ambiguous)
        #expect(error?.candidates.count == count)
    }

    @Test(arguments: [("012", 0), ("RELEASE", 2), ("", 0), ("zzz", 0), ("01235", 0)])
    func `none is not found, and similar names are listed`(text: String, count: Int) {
        let error = #expect(throws: ControlError.self) { try TorrentSelector(text).resolve(in: Self.list) }
        #expect(error?.code == .notFound)
        #expect(error?.candidates.count == count)
    }

    @Test func `a slip of the hand gets the nearest name`() {
        let error = #expect(throws: ControlError.self) { try TorrentSelector("relaese-42").resolve(in: Self.list) }
        #expect(
            error?.message
                == "no torrent is called \u{201C}relaese-42\u{201D}; did you mean \u{201C}release-42\u{201D}?")
        #expect(error?.candidates.map(\.infoHash) == [Samples.hash])
    }

    @Test func `a long list of candidates is cut`() {
        let many = (0..<50).map { number in
            (
                infoHash: InfoHash(bytes: [0xAB, 0xCD] + [UInt8](repeating: UInt8(number), count: 18))!,
                name: "n\(number)"
            )
        }
        let error = #expect(throws: ControlError.self) { try TorrentSelector("abcd").resolve(in: many) }
        #expect(error?.candidates.count == TorrentSelector.mostCandidates)
        #expect(error?.message.contains("50") == true)
    }
}
