// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel
import Testing

@Suite struct HashRangeTests {
    private static let root = (0..<32).map { UInt8($0 * 3) }

    private static func range(
        layer: UInt32 = 2, index: UInt32 = 512, count: UInt32 = 512, proofLayers: UInt32 = 11
    ) -> HashRange {
        HashRange(root: Self.root, layer: layer, index: index, count: count, proofLayers: proofLayers)
    }

    private func fault(_ stream: [UInt8]) -> WireFault? {
        WireTrace(stream, parser: PeerStreamParser(pieceCount: 1, expectsHandshake: false)).fault
    }

    @Test func `a range is read as it was written, whatever its numbers`() throws {
        for numbers: UInt32 in [0, 1, 0x0102_0304, .max] {
            let range = Self.range(layer: numbers, index: ~numbers, count: numbers, proofLayers: numbers)
            var out: [UInt8] = []
            MessageWriter.hashRequest(range, into: &out)
            #expect(out.count == 53 && Array(out.prefix(5)) == [0, 0, 0, 49, 21])
            #expect(try #require(HashRange(parsing: out.dropFirst(5))) == range)
            #expect(HashRange(parsing: out.dropFirst(6)) == nil)
        }
    }

    @Test func `a range is well-formed when it is the children of one node`() {
        #expect(Self.range().isWellFormed && Self.range(index: 0, count: 2).isWellFormed)
        for bad in [
            Self.range(count: 0), Self.range(count: 1), Self.range(count: 3), Self.range(index: 256),
            Self.range(layer: 64),
            Self.range(proofLayers: 64), Self.range(index: .max, count: 2),
            HashRange(root: [1], layer: 0, index: 0, count: 2, proofLayers: 0),
        ] {
            #expect(!bad.isWellFormed)
        }
    }

    @Test func `layers that follow from the run are counted among the proof's and not sent`() {
        let counts = (0...12).map { Self.range(index: 0, count: 8, proofLayers: UInt32($0)).proofCount }
        #expect(counts == [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(Self.range(index: 0, count: 2, proofLayers: 3).byteCount == 5 * 32)
    }

    @Test func `messages of a wrong length cannot be read on`() {
        #expect(self.fault([0, 0, 0, 48, 21]) == .wrongLength)
        #expect(self.fault([0, 0, 0, 50, 23]) == .wrongLength)
        #expect(self.fault([0, 0, 0, 49, 22]) == .hashesLength)
        #expect(self.fault([0, 0, 0, 50, 22]) == .hashesLength)
        #expect(self.fault([0, 0x10, 0, 49, 22]) == .hashesLength)
        #expect(self.fault([0, 0, 0, 81, 22]) == nil)
    }

    @Test func `the longest answer to what is asked for fits`() {
        let range = Self.range(proofLayers: 63)
        var out: [UInt8] = []
        MessageWriter.hashes(range, [UInt8](repeating: 1, count: range.byteCount), into: &out)
        #expect(self.fault(out) == nil)
    }

    @Test func `a handshake tells early whether its sender would rather talk v2`() throws {
        let hash = try #require(InfoHash(bytes: 0..<20))
        let id = try #require(PeerID(bytes: 20..<40))
        let plain = Handshake(infoHash: hash, peerID: id, supportsDHT: true).encoded
        let both = Handshake(infoHash: hash, peerID: id, supportsV2: true).encoded
        #expect(Handshake.offersV2(both.prefix(28)) && !Handshake.offersV2(plain))
        #expect(!Handshake.offersV2(both.prefix(27)))
    }
}
