// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel
import TestWorld
import Testing

/// Damaged torrents: each must be read or refused, never trap, and what is read must be safe.
@Suite struct MutationTests {
    static let digits = Array("0123456789:ilde-/.\0".utf8)

    /// Changes, drops, doubles or inserts a few bytes.
    static func mutate(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        // Most of a torrent is hashes; its structure is mostly at the front.
        let reach = random.next(below: 2) == 0 ? min(bytes.count, 400) : bytes.count
        for _ in 0...random.next(below: 3) where !bytes.isEmpty {
            let place = Int(random.next(below: UInt64(min(reach, bytes.count))))
            switch random.next(below: 5) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[place] = self.digits[Int(random.next(below: UInt64(self.digits.count)))]
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(self.digits[Int(random.next(below: UInt64(self.digits.count)))], at: place)
            default: bytes[place] ^= 1 << UInt8(random.next(below: 8))
            }
        }
        return bytes
    }

    static func run(_ bytes: [UInt8], rounds: Int, seed: UInt64, label: String) -> Int {
        var random = SplitMix64(seed: seed)
        var accepted = 0
        for round in 0..<rounds {
            let damaged = self.mutate(bytes, &random)
            do {
                MetainfoInvariants.check(try Metainfo(parsing: damaged), "\(label), seed \(seed), round \(round)")
                accepted += 1
            } catch {
                if error.description.isEmpty { Issue.record("an error without words") }
            }
        }
        return accepted
    }

    @Test(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
    func `damaged fixtures are read or refused and never trap`() throws {
        let rows = try ManifestRow.all().filter { $0.path.hasSuffix(".torrent") }
        var accepted = 0
        for (index, row) in rows.enumerated() {
            let bytes = try Fixtures.bytes(row.path)
            guard bytes.count < 5_000 else { continue }
            accepted += Self.run(bytes, rounds: 150, seed: 0xbad_5eed + UInt64(index), label: row.path)
        }
        #expect(accepted > 500)
    }

    @Test func `damaged torrents of our own are read or refused and never trap`() throws {
        for kind in [MetainfoBuilder.Kind.v1, .hybrid, .v2] {
            let sample = try SampleTorrent(kind: kind)
            let accepted = Self.run(sample.torrent, rounds: 1_500, seed: 7, label: "\(kind)")
            #expect(accepted > 20)
        }
    }

    @Test func `damaged magnet links are read or refused and never trap`() {
        let link =
            "magnet:?xt=urn:btih:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd&dn=a%20b+c&tr.1=http%3A%2F%2Fa&so=0,2-4&x.pe=[::1]:80"
        var random = SplitMix64(seed: 11)
        var accepted = 0
        for _ in 0..<5_000 {
            let text = String(decoding: Self.mutate(Array(link.utf8), &random), as: UTF8.self)
            guard let read = try? MagnetLink(parsing: text) else { continue }
            accepted += 1
            #expect((try? MagnetLink(parsing: read.description)) == read, "\(text)")
        }
        #expect(accepted > 500)
    }

    @Test(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
    func `every shortening of a torrent is refused`() throws {
        let bytes = try Fixtures.bytes("libtorrent/v2_multipiece_file.torrent")
        for count in 0..<bytes.count {
            #expect(throws: MetainfoError.self) { try Metainfo(parsing: Array(bytes.prefix(count))) }
        }
    }
}
