// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOCore
import NIOPosix
import SwarmModel
import TestWorld
import Testing
import TrackerWire

@Suite struct DatagramTrackerClientTests {
    private let local = AnnounceSource(address: IPAddress("127.0.0.1"), port: 6_881)
    private let request = AnnounceRequest(
        infoHash: InfoHash(repeating: 0xf1), peerID: PeerID(bytes: Array("-SM0100-abcdefghijkl".utf8))!, port: 1,
        left: 42, event: .started)

    private static func peers(_ head: DatagramHead, _ packed: [UInt8]) -> [UInt8] {
        DatagramWriter.bytes { writer in
            writer.announced(interval: .seconds(900), incomplete: 3, complete: 4, transaction: head.transaction)
            writer.append(packed)
        }
    }

    private func announce(
        to url: String, sources: [AnnounceSource]? = nil, timeout: Interval = .seconds(300)
    ) async throws -> Result<AnnounceResponse, TrackerError> {
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        let client = TrackerClient(fetcher: fetcher, sources: sources ?? [self.local])
        let result: Result<AnnounceResponse, TrackerError>
        do throws(TrackerError) {
            result = .success(try await client.announce(self.request, to: url, timeout: timeout))
        } catch {
            result = .failure(error)
        }
        await fetcher.shutdown()
        return result
    }

    @Test func `peers come back and the tracker sees the announce`() async throws {
        let stub = try await DatagramTrackerStub { head, _ in Self.peers(head, [1, 2, 3, 4, 0x1a, 0x61]) }
        let response = try await self.announce(to: "udp://127.0.0.1:\(stub.port)/announce").get()
        #expect(response.peers.map(\.endpoint.description) == ["1.2.3.4:6753"])
        #expect(response.interval == .seconds(900) && response.complete == 4 && response.incomplete == 3)
        let sent = try #require(stub.announces.first)
        #expect(sent.port == 6_881 && sent.left == 42 && sent.event == .started)
        // What is asked once more after a while is asked in the same words.
        #expect(Set(stub.all).count == 2)
        try await stub.close()
    }

    @Test func `a name is looked up, and the path goes with the announce`() async throws {
        let stub = try await DatagramTrackerStub { head, _ in Self.peers(head, []) }
        let url = "udp://localhost:\(stub.port)/secret/announce?x=1#y"
        _ = try await self.announce(to: url).get()
        let announce = try #require(stub.all.last)
        #expect(URLData(datagram: announce.span).bytes == Array("/secret/announce?x=1".utf8))
        try await stub.close()
    }

    @Test func `a tracker is asked from each family that it has`() async throws {
        let stub = try await DatagramTrackerStub(host: "::1") { head, _ in
            Self.peers(head, PeerEndpoint("[2001:db8::1]:5")!.compact)
        }
        let both = [self.local, AnnounceSource(address: IPAddress("::"), port: 6_882)]
        let response = try await self.announce(to: "udp://[::1]:\(stub.port)", sources: both).get()
        #expect(response.peers.map(\.endpoint.description) == ["[2001:db8::1]:5"])
        #expect(Set(stub.announces.map(\.port)) == [6_882])
        try await stub.close()
    }

    @Test func `a refusal is the tracker's own words`() async throws {
        let stub = try await DatagramTrackerStub { head, _ in
            DatagramWriter.bytes { $0.refused("unregistered torrent", transaction: head.transaction) }
        }
        let result = try await self.announce(to: "udp://127.0.0.1:\(stub.port)")
        #expect(result == .failure(.refused(TrackerRefusal(reason: "unregistered torrent"))))
        try await stub.close()
    }

    @Test func `silence ends by the clock`() async throws {
        let stub = try await DatagramTrackerStub { _, _ in nil }
        let result = try await self.announce(to: "udp://127.0.0.1:\(stub.port)", timeout: .milliseconds(150))
        #expect(result == .failure(.unreachable("no answer within 0.15 s")))
        try await stub.close()
    }

    @Test func `where nobody listens it is told at once`() async throws {
        let port = try DeafPort()
        let result = try await self.announce(to: "udp://127.0.0.1:\(port.number)")
        #expect(result == .failure(.unreachable("nobody answers UDP there")))
    }

    @Test func `a name that is none is told`() async throws {
        guard case .failure(.unreachable(let why)) = try await self.announce(to: "udp://nothing.invalid:9") else {
            Issue.record("a name that cannot be found was found")
            return
        }
        #expect(why.contains("nothing.invalid"))
    }

    @Test func `who does not wait any longer is let go`() async throws {
        let stub = try await DatagramTrackerStub { _, _ in nil }
        let url = "udp://127.0.0.1:\(stub.port)"
        let task = Task { try await self.announce(to: url) }
        task.cancel()
        #expect(try await task.value == .failure(.cancelled))
        try await stub.close()
    }
}
