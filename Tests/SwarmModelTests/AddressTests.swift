// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        "0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "1::", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
        "1:0:0:2::3", "fe80::1:2:3:4", "1:2:3:4:5:6:7:8",
    ])
    func `canonical text is read and written alike`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == text)
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(address.isV6 == text.contains(":"))
        #expect(address.bytes.count == (address.isV6 ? 16 : 4))
    }

    @Test(arguments: [
        ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:1.2.3.4", "1.2.3.4"),
        ("::FFFF:102:304", "1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("1:0:0:0:2:0:0:0", "1::2:0:0:0"),
        ("0001:02::", "1:2::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `other spellings come to the canonical one`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.-4", "1.2.3.+4", "1.2.3.4 ", "1..2.3", "a.b.c.d",
        "1.2.3.0400",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::12345", "::g", "::+1", "[::1]", "fe80::1%eth0",
        "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7:8::", "::1.2.3.4:5", "１.2.3.4", "::１",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `a mapped address is the v4 address it maps`() {
        let mapped = IPAddress(bytes: [UInt8](repeating: 0, count: 10) + [255, 255, 10, 0, 0, 1])
        #expect(mapped == IPAddress(v4: 0x0a00_0001) && mapped?.isV6 == false)
    }

    @Test func `addresses of other lengths do not exist`() {
        for count in 0...20 where count != 4 && count != 16 {
            #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test func `loopback and unspecified addresses are known and v4 sorts before v6`() throws {
        #expect(IPAddress("127.8.9.10")?.isLoopback == true && IPAddress("::1")?.isLoopback == true)
        #expect(IPAddress("128.0.0.1")?.isLoopback == false && IPAddress("::2")?.isLoopback == false)
        #expect(IPAddress("0.0.0.0")?.isUnspecified == true && IPAddress("::")?.isUnspecified == true)
        let sorted = ["1.2.3.4", "200.0.0.1", "::1", "::2", "1::"].compactMap { IPAddress($0) }
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test(arguments: ["1.2.3.4:80", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:6881", "[2001:db8::1]:1"])
    func `endpoints are read and written alike, as text and in compact form`(text: String) throws {
        let endpoint = try #require(PeerEndpoint(text))
        #expect(endpoint.description == text)
        #expect(endpoint.compact.count == (endpoint.address.isV6 ? 18 : 6))
        #expect(PeerEndpoint(compact: endpoint.compact) == endpoint)
    }

    @Test(arguments: [
        "", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1", "[::1]:+1", "1.2.3.4:8x", "::1:80",
        "[1.2.3.4]:80", "[::1]",
        "[::1]80", "::1]:80", "[::1:80", "name:80", "[]:80",
    ])
    func `what is no endpoint is refused`(text: String) {
        #expect(PeerEndpoint(text) == nil)
    }

    @Test func `the compact form is big endian and of one of two lengths`() {
        let endpoint = PeerEndpoint(compact: [1, 2, 3, 4, 0x1a, 0xe1])
        #expect(endpoint?.description == "1.2.3.4:6881")
        for count in 0...20 where count != 6 && count != 18 {
            #expect(PeerEndpoint(compact: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test func `random addresses survive their text`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            let count = random.next(below: 2) == 0 ? 4 : 16
            // Many zero bytes, for runs of zero groups.
            let bytes = (0..<count).map { _ in random.next(below: 3) == 0 ? UInt8(truncatingIfNeeded: random.next()) : 0
            }
            let address = IPAddress(bytes: bytes)
            #expect(address.flatMap { IPAddress($0.description) } == address && address != nil)
        }
    }
}
