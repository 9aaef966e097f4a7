// SPDX-License-Identifier: Apache-2.0

import DHT
import SwarmModel
import Testing

@Suite struct NodeIDTests {
    @Test(
        arguments: [
            ("124.31.75.21", "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401"),
            ("21.75.31.124", "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256"),
            ("65.23.51.170", "a5d43220bc8f112a3d426c84764f8c2a1150e616"),
            ("84.124.73.14", "1b0321dd1bb1fe518101ceef99462b947a01ff41"),
            ("43.213.53.83", "e56f6cbf5b7c4be0237986d5243b87aa6d51305a"),
        ])
    func `the ids of BEP 42 fit their addresses and no others`(address: String, hex: String) throws {
        let id = NodeID(try #require(InfoHash(hex: hex)))
        #expect(id.isValid(at: try #require(IPAddress(address))))
        #expect(!id.isValid(at: try #require(IPAddress("8.8.8.8"))))
        // In local networks any will do.
        #expect(id.isValid(at: try #require(IPAddress("192.168.1.2"))))
    }

    @Test func `an id made for an address fits it`() throws {
        var random = Seed.random("ids")
        for text in ["198.51.100.7", "2001:db8:7:9::1", "8.8.4.4"] {
            let address = try #require(IPAddress(text))
            for _ in 0..<50 { #expect(NodeID(for: address, random: &random).isValid(at: address)) }
        }
        let one = try #require(IPAddress("198.51.100.7"))
        let ids = (0..<400).map { _ in NodeID(random: &random) }
        #expect(ids.count { $0.isValid(at: one) } < 4)
    }

    @Test func `an id that shares so many bits shares exactly those`() {
        var random = Seed.random("prefixes")
        let id = NodeID(random: &random)
        for count in 0..<NodeID.bitCount {
            #expect(NodeID(sharing: count, with: id, random: &random).commonPrefix(with: id) == count)
        }
        #expect(id.commonPrefix(with: id) == NodeID.bitCount)
    }

    @Test func `distance is exclusive or`() throws {
        let zero = NodeID(Bytes20())
        func id(_ hex: String) throws -> NodeID { NodeID(try #require(InfoHash(hex: hex))) }
        let near = try id("0000000000000000000000000000000000000001")
        let far = try id("0000000000000000000100000000000000000000")
        let farthest = try id("8000000000000000000000000000000000000000")
        #expect(near.distance(to: zero) < far.distance(to: zero))
        #expect(far.distance(to: zero) < farthest.distance(to: zero))
        #expect(near.distance(to: near) == zero.distance(to: zero))
    }

    @Test func `the filter of BEP 33 has the published bits`() throws {
        var filter = AddressBloomFilter()
        for last in 0...255 { filter.insert(try #require(IPAddress("192.0.2.\(last)"))) }
        for last in 0...0x3e7 { filter.insert(try #require(IPAddress("2001:db8::" + String(last, radix: 16)))) }
        let published =
            "F6C3F5EAA07FFD91BDE89F777F26FB2BFF37BDB8FB2BBAA2FD3DDDE7BACFFF75EE7CCBAEFE5EEDB1FBFAFF67F6ABFF5E43DDBCA3"
            + "FD9B9FFDF4FFD3E9DFF12D1BDF59DB53DBE9FA5B7FF3B8FDFCDE1AFB8BEDD7BE2F3EE71EBBBFE93BCDEEFE148246C2BC5DBFF7E7"
            + "EFDCF24FD8DC7ADFFD8FFFDFDDFFF7A4BBEEDF5CB95CE81FC7FCFF1FF4FFFFDFE5F7FDCBB7FD79B3FA1FC77BFE07FFF905B7B7FF"
            + "C7FEFEFFE0B8370BB0CD3F5B7F2BD93FEB4386CFDD6F7FD5BFAF2E9EBFFFFEECD67ADBF7C67F17EFD5D75EBA6FFEBA7FFF47A91E"
            + "B1BFBB53E8ABFB5762ABE8FF237279BFEFBFEEF5FFC5FEBFDFE5ADFFADFEE1FB737FFFFBFD9F6AEFFEEE76B6FD8F72EF"
        #expect(Hexadecimal.encode(filter.bytes) == published.lowercased())
    }
}
