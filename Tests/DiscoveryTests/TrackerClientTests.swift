// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmModel
import TestWorld
import Testing
import TrackerWire

@Suite struct TrackerClientTests {
    private let local = AnnounceSource(address: IPAddress("127.0.0.1"), port: 6_881)

    private var request: AnnounceRequest {
        get throws {
            let peerID = try #require(PeerID(bytes: Array("-SM0100-abcdefghijkl".utf8)))
            return AnnounceRequest(
                infoHash: InfoHash(repeating: 0xf1), peerID: peerID, port: 1, left: 42, event: .started)
        }
    }

    /// One announce to a tracker that answers as told.
    private func announce(
        timeout: Interval = .seconds(300), url: String? = nil, sources: [AnnounceSource]? = nil,
        _ decide: @escaping @Sendable (TrackerStub.Request) -> TrackerStub.Reply
    ) async throws -> (result: Result<AnnounceResponse, TrackerError>, requests: [TrackerStub.Request]) {
        let stub = try await TrackerStub(decide)
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        let client = TrackerClient(fetcher: fetcher, sources: sources ?? [self.local])
        var result: Result<AnnounceResponse, TrackerError>
        do throws(TrackerError) {
            result = .success(try await client.announce(try! self.request, to: url ?? stub.url(), timeout: timeout))
        } catch {
            result = .failure(error)
        }
        await fetcher.shutdown()
        try await stub.close()
        return (result, stub.requests)
    }

    private func failure(
        timeout: Interval = .seconds(300), _ decide: @escaping @Sendable (TrackerStub.Request) -> TrackerStub.Reply
    ) async throws -> TrackerError {
        switch try await self.announce(timeout: timeout, decide).result {
        case .success(let response): throw Unexpected(response: response)
        case .failure(let error): return error
        }
    }

    private struct Unexpected: Error { let response: AnnounceResponse }

    @Test func `peers come back and the tracker sees the announce`() async throws {
        let (result, requests) = try await self.announce { _ in
            .text("d8:completei3e10:incompletei4e8:intervali900e5:peers6:\u{1}\u{2}\u{3}\u{4}\u{1A}\u{61}e")
        }
        let response = try result.get()
        #expect(response.peers.map(\.endpoint.description) == ["1.2.3.4:6753"])
        #expect(response.interval == .seconds(900) && response.complete == 3 && response.incomplete == 4)
        let sent = try #require(requests.first)
        #expect(sent.parameter("port") == "6881", "the source's port")
        #expect(sent.parameter("left") == "42" && sent.parameter("event") == "started")
        #expect(sent.parameter("info_hash")?.lowercased() == String(repeating: "%f1", count: 20))
    }

    @Test func `a failure reason is the tracker's refusal, with its retry in`() async throws {
        let refused = try await self.failure { _ in .text("d14:failure reason6:banned8:retry in5:nevere") }
        #expect(refused == .refused(TrackerRefusal(reason: "banned", retry: .never)))
        #expect(refused.description == "the tracker refuses: banned (not again)")
        let status = try await self.failure { _ in .body(.badRequest, Array("d14:failure reason3:bade".utf8)) }
        #expect(status == .refused(TrackerRefusal(reason: "bad")))
    }

    @Test(arguments: [
        "", "<html>hello</html>", "d8:intervali9e", "i5e", "d8:intervalle5:peers0:e",
    ])
    func `garbage is shown as it begins`(body: String) async throws {
        let error = try await self.failure { _ in .text(body) }
        guard case .garbage(_, let excerpt) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(excerpt == body.prefix(80))
    }

    @Test func `another status is reported with its words`() async throws {
        let error = try await self.failure { _ in
            .body(.serviceUnavailable, Array("over capacity".utf8), ["retry-after": "77"])
        }
        #expect(error == .status(503, excerpt: "over capacity", retryAfter: 77))
        #expect(error.description == "the tracker answered HTTP 503: over capacity")
    }

    @Test func `redirects are followed, five at most`() async throws {
        let (result, requests) = try await self.announce { request in
            guard request.uri.hasPrefix("/announce") else { return .text("d8:intervali60e5:peers0:e") }
            return .body(.found, [], ["location": "/other?x=1"])
        }
        #expect(try result.get().interval == .seconds(60))
        #expect(requests.count == 2)
        let error = try await self.failure { request in
            .body(.found, [], ["location": "/n\(request.uri.utf8.count)\(request.uri.prefix(40))"])
        }
        #expect(error == .unreachable("too many redirects"))
    }

    @Test func `an answer past the limit is refused`() async throws {
        let error = try await self.failure { _ in .body(.ok, [UInt8](repeating: 0x20, count: (2 << 20) + 1)) }
        #expect(error == .garbage("the answer is larger than 2097152 bytes", excerpt: ""))
    }

    @Test func `silence and half an answer end by the clock`() async throws {
        let silent = try await self.failure(timeout: .milliseconds(150)) { _ in .silence }
        #expect(silent == .unreachable("no answer within 0.15 s"))
        let stalled = try await self.failure(timeout: .milliseconds(150)) { _ in .stall(Array("d8:int".utf8)) }
        #expect(stalled == .unreachable("no answer within 0.15 s"))
    }

    @Test func `a closed port and a closed connection are named`() async throws {
        let hungUp = try await self.failure { _ in .hangUp }
        guard case .unreachable = hungUp else {
            Issue.record("\(hungUp)")
            return
        }
        let port = try DeafPort()
        let (result, _) = try await self.announce(url: "http://127.0.0.1:\(port.number)/announce") { _ in .silence }
        let refused = TrackerError.unreachable("127.0.0.1:\(port.number) cannot be reached: Connection refused")
        #expect(throws: refused) { try result.get() }
    }

    @Test(arguments: ["udp://t/announce", "udp://t:0/announce", "wss://t/", "nonsense", "http://", "", "http:// a/"])
    func `a URL that cannot be announced to is told so`(url: String) async throws {
        let (result, requests) = try await self.announce(url: url) { _ in .silence }
        guard case .failure(.unsupported) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(requests.isEmpty)
    }

    @Test func `a name that resolves to one family is announced to from that one`() async throws {
        let both = [self.local, AnnounceSource(address: IPAddress("::"), port: 6_882)]
        let stub = try await TrackerStub { _ in .text("d8:intervali60e5:peers0:e") }
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        let client = TrackerClient(fetcher: fetcher, sources: both)
        let url = "http://localhost:\(stub.port)/announce"
        _ = try await client.announce(try self.request, to: url, timeout: .seconds(300))
        // The stub has no IPv6 address, so only one announce can have arrived.
        #expect(stub.requests.compactMap { $0.parameter("port") } == ["6881"])
        await fetcher.shutdown()
        try await stub.close()
    }

    @Test func `an address of a family that is not listened on is refused without asking`() async throws {
        let sources = [AnnounceSource(address: IPAddress("::1"), port: 6_881)]
        let (result, requests) = try await self.announce(sources: sources) { _ in .silence }
        guard case .failure(.unsupported(let why)) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(why.contains("IPv4") && requests.isEmpty)
    }

    @Test func `sources are one a family, specific before unspecified`() throws {
        func texts(_ listening: [String]) throws -> [String] {
            AnnounceSource.sources(listening: try listening.map { try #require(PeerEndpoint($0)) })
                .map { "\($0.address?.description ?? "-") \($0.port)" }
        }
        #expect(try texts(["0.0.0.0:6881", "[::]:6882"]) == ["0.0.0.0 6881", ":: 6882"])
        #expect(try texts(["0.0.0.0:1", "10.0.0.1:2", "[::1]:3"]) == ["10.0.0.1 2", "::1 3"])
        #expect(try texts(["127.0.0.1:5"]) == ["127.0.0.1 5"])
        #expect(try texts([]) == ["- 1"])
    }
}
