// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOConcurrencyHelpers
import PeerNetwork
import PeerTransport
import StrategyHost
import SwarmModel
import Testing

/// Peers that reach each other over UDP, by the real transport.
@Suite(.timeLimit(.minutes(15)))
struct DatagramTests {
    private func transport() throws -> Transport {
        let host = StrategyHost(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try host.makeTransport(named: "utp")
    }

    @Test func `a leecher gets every byte over datagrams`() async throws {
        let utp = try self.transport()
        let swarm = try LoopbackSwarm(length: 6_000_017, pieceLength: 65_536)
        let seed = try await swarm.start("seed", has: true) { $0.transports = [utp] }
        let leecher = try await swarm.start("leecher", has: false) { $0.transports = [utp] }
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        #expect(seed.network.halfOpenCount == 0)
        try await swarm.stop(seed, leecher)
    }

    @Test func `several leechers exchange pieces over datagrams and IPv6`() async throws {
        let utp = try self.transport()
        let swarm = try LoopbackSwarm(length: 3_000_000, pieceLength: 32_768)
        let listen = PeerEndpoint(address: try #require(IPAddress("::1")), port: 0)
        let seed = try await swarm.start("seed", has: true, listen: listen) { $0.transports = [utp] }
        let first = try await swarm.start("first", has: false, listen: listen) { $0.transports = [utp] }
        let second = try await swarm.start("second", has: false, listen: listen) { $0.transports = [utp] }
        first.handle.add(candidates: [seed.endpoint, second.endpoint])
        second.handle.add(candidates: [seed.endpoint])
        _ = await first.observer.wait { $0.isCompleted }
        _ = await second.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: first) == swarm.content)
        #expect(try swarm.payload(of: second) == swarm.content)
        try await swarm.stop(seed, first, second)
    }

    @Test func `connections show by which transport they came`() async throws {
        let utp = try self.transport()
        let swarm = try LoopbackSwarm(length: 1 << 20, pieceLength: 1 << 18)
        let first = try await swarm.start("first", has: false) { $0.transports = [utp] }
        let second = try await swarm.start("second", has: false) { $0.transports = [utp] }
        first.handle.add(candidates: [second.endpoint])
        try await eventually { try await second.handle.peers().first?.isInbound == true }
        #expect(try await second.handle.peers().first?.transport == "utp")
        try await eventually { try await first.handle.peers().first?.transport == "utp" }
        try await swarm.stop(first, second)
    }

    @Test func `the end of a connection reaches the other side`() async throws {
        let utp = try self.transport()
        let swarm = try LoopbackSwarm(length: 1 << 20, pieceLength: 1 << 18)
        let first = try await swarm.start("first", has: false) { $0.transports = [utp] }
        let second = try await swarm.start("second", has: false) { $0.transports = [utp] }
        first.handle.add(candidates: [second.endpoint])
        try await eventually { try await second.handle.peers().count == 1 }
        _ = try await first.network.stop(first.handle)
        try await eventually { try await second.handle.peers().isEmpty }
        try await swarm.stop(first, second)
    }

    @Test func `a flood of first packets and of rubbish is bounded, and peers get through`() async throws {
        let utp = try self.transport()
        let swarm = try LoopbackSwarm(length: 2_000_000, pieceLength: 65_536)
        let seed = try await swarm.start("seed", has: true) {
            $0.transports = [utp]
            $0.maximumHalfOpen = 20
        }
        let flood = try Flood(to: seed.endpoint)
        for number in 0..<3_000 {
            flood.send(Flood.firstPacket(UInt16(number)))
            flood.send([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 1_400))
            flood.send(Flood.firstPacket(UInt16(number)) + [1, 255, 0])
        }
        try await eventually { seed.network.halfOpenCount > 0 }
        #expect(seed.network.halfOpenCount <= 20)
        let leecher = try await swarm.start("leecher", has: false) { $0.transports = [utp] }
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(seed.network.halfOpenCount <= 20)
        try await swarm.stop(seed, leecher)
    }

    @Test(arguments: [true, false])
    func `the hash table shares the port, with or without peers on it`(hasPeers: Bool) async throws {
        let transports = hasPeers ? [try self.transport()] : []
        let swarm = try LoopbackSwarm(length: 1 << 20, pieceLength: 1 << 18)
        let received = NIOLockedValueBox<[([UInt8], PeerEndpoint)]>([])
        let seed = try await swarm.start("seed", has: true) {
            $0.transports = transports
            $0.hashTable = HashTableLink(
                claims: { $0 == UInt8(ascii: "d") },
                onDatagram: { bytes, source in received.withLockedValue { $0.append((bytes, source)) } },
                onNode: { _ in })
        }
        let node = try Flood(to: seed.endpoint)
        node.send(Array("rubbish".utf8))
        node.send(Array("d1:y1:qe".utf8))
        try await eventually { received.withLockedValue { !$0.isEmpty } }
        let (bytes, source) = try #require(received.withLockedValue { $0.first })
        #expect(bytes == Array("d1:y1:qe".utf8))
        seed.network.send(datagram: Array("d1:y1:re".utf8), to: source)
        #expect(node.isAnswered())
        try await swarm.stop(seed)
    }

    @Test func `what does not shake hands is dropped`() async throws {
        let utp = try self.transport()
        let swarm = try LoopbackSwarm(length: 1 << 20, pieceLength: 1 << 18)
        let seed = try await swarm.start("seed", has: true) {
            $0.transports = [utp]
            $0.handshakePatience = .milliseconds(200)
        }
        let flood = try Flood(to: seed.endpoint)
        flood.send(Flood.firstPacket(7))
        #expect(flood.isAnswered())
        try await eventually { seed.network.halfOpenCount == 0 }
        try await swarm.stop(seed)
    }
}

/// A socket that sends datagrams to one peer.
private final class Flood {
    private let descriptor: CInt

    init(to endpoint: PeerEndpoint) throws {
        self.descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit {
        close(self.descriptor)
    }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(self.descriptor, bytes, bytes.count, CInt(MSG_DONTWAIT))
    }

    /// Whether something comes back.
    func isAnswered() -> Bool {
        var item = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&item, 1, 60_000) == 1
    }

    /// A packet that begins a connection (BEP 29 `ST_SYN`).
    static func firstPacket(_ number: UInt16) -> [UInt8] {
        [0x41, 0, UInt8(number >> 8), UInt8(number & 255)] + [UInt8](repeating: 0, count: 13) + [1, 0, 0]
    }
}
