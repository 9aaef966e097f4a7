// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import Discovery

/// Where URLs of others may lead.
@Suite struct WebAddressPolicyTests {
    private static func chosen(
        _ texts: [String], hasQuery: Bool = false, comesFromInternet: Bool = false, attempt: Int = 0,
        _ policy: WebAddressPolicy = WebAddressPolicy()
    ) throws -> String {
        try policy.choose(
            of: texts.map { try #require(IPAddress($0)) }, hasQuery: hasQuery, comesFromInternet: comesFromInternet,
            attempt: attempt
        ).description
    }

    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1", "0.0.0.0", "::",
        "224.0.0.1", "255.255.255.255", "ff02::1",
    ])
    func `nothing on this machine or link is asked`(text: String) {
        #expect(throws: RangeFault.self) { try Self.chosen([text]) }
    }

    @Test(arguments: ["10.0.0.1", "192.168.1.1", "172.16.0.1", "fd00::1", "100.64.0.1", "::ffff:10.0.0.1"])
    func `the local network is asked for plain paths alone, and never for a server on the internet`(text: String) throws
    {
        _ = try Self.chosen([text])
        #expect(throws: RangeFault.self) { try Self.chosen([text], hasQuery: true) }
        #expect(throws: RangeFault.self) { try Self.chosen([text], comesFromInternet: true) }
    }

    @Test func `of several addresses those that may be are taken in turn`() throws {
        let all = ["127.0.0.1", "192.0.2.1", "10.0.0.1", "2001:db8::1"]
        #expect(
            try (0..<4).map { try Self.chosen(all, attempt: $0) }
                == ["192.0.2.1", "10.0.0.1", "2001:db8::1", "192.0.2.1"])
        #expect(try (0..<2).map { try Self.chosen(all, hasQuery: true, attempt: $0) } == ["192.0.2.1", "2001:db8::1"])
        #expect(throws: RangeFault.self) { try Self.chosen([]) }
        #expect(try Self.chosen(["127.0.0.1"], WebAddressPolicy(allowsLoopback: true)) == "127.0.0.1")
    }

    @Test func `a Location leads from where it was said`() throws {
        let url = try #require(TrackerURL("http://u:p@host:8080/a/b?c"))
        #expect(url.resolving("/x") == "http://u:p@host:8080/x")
        #expect(url.resolving("x?y") == "http://u:p@host:8080/a/x?y")
        #expect(url.resolving("//other/x") == "http://other/x")
        #expect(url.resolving("https://other/x") == "https://other/x")
        #expect(url.resolving("ftp://other/x") == nil && url.resolving("file:///etc/passwd") == nil)
        #expect(url.host == "host" && url.hostAndPortText == "host:8080" && url.hasQuery)
        let address = try #require(IPAddress("2001:db8::1"))
        #expect(url.url(at: address) == "http://[2001:db8::1]:8080/a/b?c")
        let literal = try #require(TrackerURL("http://[::1]:80/"))
        #expect(literal.host == "::1" && literal.url(at: IPAddress(v4: 1)) == "http://0.0.0.1:80/")
        #expect(try #require(TrackerURL("http://host/x")).url(at: IPAddress(v4: 1)) == "http://0.0.0.1/x")
    }
}
