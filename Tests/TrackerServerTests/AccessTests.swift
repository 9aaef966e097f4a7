// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Testing
import TrackerServer
import TrackerWire

@Suite struct AccessTests {
    private static let other = InfoHash(bytes: [UInt8](repeating: 0xab, count: 20))!

    /// A file in the temporary folder for the length of a test.
    private final class ListFile {
        let path: String

        init(_ text: String) throws {
            self.path = "/tmp/swarm-list-\(UInt64.random(in: 0 ... .max))"
            try self.write(text)
        }

        func write(_ text: String) throws {
            guard let file = fopen(self.path, "w") else { throw TestClient.Failure(description: "\(self.path)") }
            fputs(text, file)
            fclose(file)
        }

        deinit { unlink(self.path) }
    }

    private func reason(_ client: TestClient, _ target: String) throws -> String {
        try AnnounceServingTests.refused(try client.get(target))
    }

    private static func target(_ hash: InfoHash = AnnounceServingTests.hash, _ number: Int = 1) -> String {
        AnnounceServingTests.target(number) { $0.infoHash = hash }
    }

    @Test func `torrents that are not on the allow list are refused, over HTTP and UDP`() async throws {
        let list = try ListFile("# ours\n\n  \(AnnounceServingTests.hash) release 42\n")
        var configuration = TestTracker.configuration
        configuration.lists.allowed = list.path
        try await TestTracker.run(configuration) { server in
            let web = try TestClient(server.endpoints[0])
            #expect(try AnnounceServingTests.accepted(try web.get(Self.target())).incomplete == 1)
            #expect(try self.reason(web, Self.target(Self.other)).contains("not registered"))
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            #expect(try client.announce(DatagramServingTests.request(2), id).incomplete == 2)
            var request = DatagramServingTests.request(2)
            request.infoHash = Self.other
            let reply = try client.ask { request.datagram(connectionID: id, transaction: $0) }
            #expect(reply == .refused("the torrent is not registered with this tracker"))
        }
    }

    @Test func `a refusal says whether to come again`() async throws {
        let list = try ListFile("\(Self.other)\n")
        var configuration = TestTracker.configuration
        configuration.lists.denied = list.path
        try await TestTracker.run(configuration) { server in
            let web = try TestClient(server.endpoints[0])
            let answer = try AnnounceReply(decoding: try web.get(Self.target(Self.other)).body)
            guard case .refused(let refusal) = answer else {
                Issue.record("not refused")
                return
            }
            #expect(refusal.retry == .never)
            #expect(try AnnounceServingTests.accepted(try web.get(Self.target())).incomplete == 1)
        }
    }

    @Test func `a list is read again, and a bad one changes nothing`() async throws {
        let list = try ListFile("\(Self.other)\n")
        var configuration = TestTracker.configuration
        configuration.lists.allowed = list.path
        try await TestTracker.run(configuration) { server in
            let web = try TestClient(server.endpoints[0])
            #expect(try self.reason(web, Self.target()).contains("not registered"))
            try list.write("\(AnnounceServingTests.hash)\n\(Self.other)")
            try server.reloadLists(configuration)
            #expect(try AnnounceServingTests.accepted(try web.get(Self.target())).incomplete == 1)
            try list.write("\(Self.other)\nnonsense\n")
            let error = #expect(throws: TrackerServerError.self) { try server.reloadLists(configuration) }
            #expect(error?.description == "\(list.path):2: an info-hash has forty hexadecimal digits")
            #expect(try AnnounceServingTests.accepted(try web.get(Self.target())).incomplete == 1)
        }
    }

    @Test func `a list that is not there is no start`() async throws {
        var configuration = TestTracker.configuration
        configuration.lists.denied = "/nowhere/denied"
        let error = await #expect(throws: TrackerServerError.self) {
            try await TestTracker.run(configuration) { _ in }
        }
        #expect(error?.description == "/nowhere/denied cannot be read: No such file or directory")
    }

    @Test func `with passkeys only members are served, over HTTP and UDP`() async throws {
        let list = try ListFile("abc-1 Alice\nDEF_2\n")
        var configuration = TestTracker.configuration
        configuration.lists.passkeys = list.path
        try await TestTracker.run(configuration) { server in
            let web = try TestClient(server.endpoints[0])
            for start in ["", "/nobody", "/abc-1/abc-1"] {
                #expect(try self.reason(web, start + Self.target()).contains("members"))
            }
            #expect(try self.reason(web, "/scrape").contains("members"))
            #expect(try AnnounceServingTests.accepted(try web.get("/abc-1" + Self.target())).incomplete == 1)
            let asParameter = Self.target(AnnounceServingTests.hash, 2) + "&passkey=DEF_2"
            #expect(try AnnounceServingTests.accepted(try web.get(asParameter)).incomplete == 2)
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            let request = DatagramServingTests.request(3)
            for (path, isMember) in [("", false), ("/nobody/announce", false), ("/abc-1/announce", true)] {
                let reply = try client.ask {
                    request.datagram(connectionID: id, transaction: $0, urlData: URLData(path.utf8))
                }
                if case .announced = reply { #expect(isMember) } else { #expect(!isMember) }
            }
            let scrape = ScrapeRequest(infoHashes: [AnnounceServingTests.hash])
            let counts = try client.ask { scrape.datagram(connectionID: id, transaction: $0) }
            #expect(counts == .scraped([.init(complete: 0, downloaded: 0, incomplete: 0)]))
        }
    }
}
