// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Glibc
import PeerTransport
import SwarmModel
import Synchronization
import Testing

/// Transports that live in this process and misbehave.
@Suite struct TransportFaultTests {
    /// What one instance holds: the host's functions.
    private typealias Host = UnsafePointer<swarm_link_host>

    private static func host(_ instance: UnsafeMutableRawPointer?) -> swarm_link_host {
        instance!.assumingMemoryBound(to: swarm_link_host.self).pointee
    }

    private static func send(_ instance: UnsafeMutableRawPointer?, _ bytes: [UInt8]) {
        let host = Self.host(instance)
        bytes.withUnsafeBufferPointer { host.transmit(host.context, $0.baseAddress, $0.count) }
    }

    private static func deliver(_ instance: UnsafeMutableRawPointer?, _ bytes: [UInt8]) {
        let host = Self.host(instance)
        bytes.withUnsafeBufferPointer { host.deliver(host.context, $0.baseAddress, $0.count) }
    }

    private static func change(_ instance: UnsafeMutableRawPointer?, _ state: UInt32) {
        let host = Self.host(instance)
        host.changed(host.context, state, nil)
    }

    /// One that opens at once and passes bytes through.
    private static func honest(_ carrier: UInt32 = SWARM_CARRIER_STREAM) -> swarm_transport {
        swarm_transport(
            struct_size: UInt32(MemoryLayout<swarm_transport>.size), carrier: carrier,
            create: { _, host, _, _, _ in
                let instance = UnsafeMutableRawPointer(mutating: host)
                TransportFaultTests.change(instance, SWARM_LINK_OPEN)
                return instance
            },
            destroy: { _ in }, route: nil, torrent_name: nil, recognizes: { _, _ in 1 },
            received: { instance, bytes, count, _ in
                let host = TransportFaultTests.host(instance)
                host.deliver(host.context, bytes, count)
            },
            write: { instance, bytes, count, _ in
                let host = TransportFaultTests.host(instance)
                host.transmit(host.context, bytes, count)
                return count
            },
            settle: nil, deadline: { _ in .max }, timer: { _, _ in }, set_window: nil, close: nil)
    }

    private static func transport(_ functions: swarm_transport) -> Transport {
        Transport(
            name: "liar", carrier: functions.carrier == SWARM_CARRIER_STREAM ? .stream : .datagram,
            functions: functions, values: UnsafeBufferPointer(start: nil, count: 0), owner: nil,
            meter: TransportMeter(), log: { _, _ in })
    }

    private static func instance(
        _ functions: swarm_transport, _ role: LinkRole = .initiator
    ) throws -> TransportInstance {
        var link = LinkSettings(role: role, encryption: .allowed, infoHash: StreamEnd.infoHash, seed: 1)
        link.maximumDatagram = 100
        link.findTorrent = { _ in nil }
        return try #require(Self.transport(functions).connect(link, at: Instant(nanoseconds: 0)))
    }

    private static func receive(_ instance: TransportInstance, _ count: Int = 4) {
        var bytes = [UInt8](repeating: 7, count: count)
        bytes.withUnsafeMutableBytes { instance.received($0, at: Instant(nanoseconds: 0)) }
    }

    private static func isFaulty(_ instance: TransportInstance) -> Bool {
        instance.state == .failed && instance.transport.meter.faults == 1 && instance.delivered.isEmpty
            && instance.transmitted.isEmpty
    }

    /// Counts what was wrong, as the host does.
    private final class Complaints: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { self.lines.withLock { $0 } }
        func add(_ line: String) { self.lines.withLock { $0.append(line) } }
    }

    /// Uses the processor for as long as no call may.
    private static func spin() {
        var start = timespec()
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        repeat {
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        } while (now.tv_sec - start.tv_sec) * 1_000_000_000 + now.tv_nsec - start.tv_nsec < 12_000_000
    }

    @Test func `a transport that computes too long is complained of, and goes on until it is turned off`() throws {
        var functions = Self.honest()
        functions.received = { _, _, _, _ in TransportFaultTests.spin() }
        let complaints = Complaints()
        let transport = Transport(
            name: "slow", carrier: .stream, functions: functions, values: UnsafeBufferPointer(start: nil, count: 0),
            owner: nil, meter: TransportMeter(), log: { _, _ in }, whenFaulty: { complaints.add($0) })
        let link = LinkSettings(role: .initiator, encryption: .allowed, infoHash: StreamEnd.infoHash, seed: 1)
        let instance = try #require(transport.connect(link, at: Instant(nanoseconds: 0)))
        // One call of many is timed; the first that took too long has the next ones watched.
        for _ in 0..<68 where complaints.all.count < 3 { Self.receive(instance) }
        #expect(complaints.all.count == 3 && complaints.all.allSatisfy { $0.hasPrefix("computed for 1") })
        #expect(instance.state == .open, "what it gave out is right all the same")
        #expect(transport.meter.faults == 3)
        transport.meter.turnOff()
        #expect(transport.connect(link, at: Instant(nanoseconds: 0)) == nil)
    }

    @Test func `an honest transport passes bytes through where they lie`() throws {
        let instance = try Self.instance(Self.honest())
        #expect(instance.state == .open)
        Self.receive(instance)
        #expect(instance.delivered.chunks.map(\.isInPlace) == [true])
        #expect(instance.delivered.chunks.first?.count == 4)
        var bytes: [UInt8] = [1, 2, 3]
        #expect(bytes.withUnsafeMutableBytes { instance.write($0, at: Instant(nanoseconds: 0)) } == 3)
        #expect(instance.transmitted.chunks.map(\.isInPlace) == [true])
        #expect(instance.delivered.isEmpty)
        #expect(instance.transport.meter.faults == 0)
    }

    @Test func `what lies elsewhere is copied, and runs are joined on streams`() throws {
        var functions = Self.honest()
        functions.received = { instance, bytes, count, _ in
            let host = TransportFaultTests.host(instance)
            host.deliver(host.context, bytes, 1)
            host.deliver(host.context, bytes! + 1, count - 1)
            TransportFaultTests.deliver(instance, [8, 9])
            TransportFaultTests.send(instance, [5])
            TransportFaultTests.send(instance, [6])
        }
        let instance = try Self.instance(functions)
        Self.receive(instance)
        #expect(instance.delivered.chunks.map(\.count) == [4, 2])
        #expect(instance.delivered.copies == [8, 9])
        #expect(instance.transmitted.chunks.map(\.count) == [2])
        #expect(instance.transmitted.copies == [5, 6])
    }

    @Test func `datagrams stay apart, an empty one too`() throws {
        var functions = Self.honest(SWARM_CARRIER_DATAGRAM)
        functions.received = { instance, _, _, _ in
            TransportFaultTests.send(instance, [5])
            TransportFaultTests.send(instance, [6, 7])
        }
        let instance = try Self.instance(functions)
        Self.receive(instance)
        #expect(instance.transmitted.chunks.map(\.count) == [1, 2])
    }

    @Test(arguments: 0..<7)
    func `every breach of the contract ends the connection and counts`(_ breach: Int) throws {
        var functions = Self.honest()
        switch breach {
        case 0:
            functions.create = { _, host, _, _, _ in UnsafeMutableRawPointer(mutating: host) }
        case 1: functions.received = { instance, _, _, _ in TransportFaultTests.change(instance, SWARM_LINK_OPEN) }
        case 2: functions.received = { instance, _, _, _ in TransportFaultTests.change(instance, 9) }
        case 3: functions.received = { instance, _, _, _ in TransportFaultTests.change(instance, 0) }
        case 4:
            functions.received = { instance, _, _, _ in
                let host = TransportFaultTests.host(instance)
                var hash = [UInt8](repeating: 0, count: 20)
                _ = host.find_torrent(host.context, hash, &hash)
            }
        case 5:
            functions.received = { instance, _, _, _ in
                let bytes = [UInt8](repeating: 0, count: 1 << 20)
                for _ in 0..<17 { TransportFaultTests.deliver(instance, bytes) }
            }
        default:
            functions.received = { instance, _, _, _ in
                TransportFaultTests.change(instance, SWARM_LINK_ENDED)
                TransportFaultTests.deliver(instance, [1])
            }
        }
        let instance = try Self.instance(functions)
        Self.receive(instance)
        #expect(Self.isFaulty(instance))
        Self.receive(instance)
        #expect(Self.isFaulty(instance))
    }

    @Test(arguments: [-1, 0, 2, 4, Int.max])
    func `a stream that takes another number of bytes than it was given is at fault`(_ taken: Int) throws {
        let functions = [-1: Self.taking { -1 }, 0: Self.taking { 0 }, 2: Self.taking { 2 }, 4: Self.taking { 4 }]
        let instance = try Self.instance(functions[taken] ?? Self.taking { .max })
        var bytes: [UInt8] = [1, 2, 3]
        #expect(bytes.withUnsafeMutableBytes { instance.write($0, at: Instant(nanoseconds: 0)) } == 0)
        #expect(Self.isFaulty(instance))
    }

    private static func taking(_ count: @escaping @convention(c) () -> Int) -> swarm_transport {
        var functions = Self.honest()
        switch count() {
        case -1: functions.write = { _, _, _, _ in -1 }
        case 0: functions.write = { _, _, _, _ in 0 }
        case 2: functions.write = { _, _, _, _ in 2 }
        case 4: functions.write = { _, _, _, _ in 4 }
        default: functions.write = { _, _, _, _ in .max }
        }
        return functions
    }

    @Test func `datagrams may not be too large, nor bring more than the window`() throws {
        var functions = Self.honest(SWARM_CARRIER_DATAGRAM)
        functions.set_window = { _, _, _ in }
        functions.received = { instance, bytes, count, _ in
            let host = TransportFaultTests.host(instance)
            if count > 100 {
                host.transmit(host.context, bytes, count)
            } else {
                host.deliver(host.context, bytes, count)
            }
        }
        let large = try Self.instance(functions)
        Self.receive(large, 101)
        #expect(Self.isFaulty(large))
        let greedy = try Self.instance(functions)
        greedy.setWindow(10, at: Instant(nanoseconds: 0))
        Self.receive(greedy, 6)
        #expect(greedy.state == .open)
        Self.receive(greedy, 6)
        #expect(Self.isFaulty(greedy))
    }

    @Test func `a datagram transport may take less, and says when it takes more`() throws {
        var functions = Self.honest(SWARM_CARRIER_DATAGRAM)
        functions.write = { _, _, _, _ in 1 }
        functions.timer = { instance, _ in
            let host = TransportFaultTests.host(instance)
            host.writable(host.context)
        }
        let instance = try Self.instance(functions)
        var bytes: [UInt8] = [1, 2, 3]
        #expect(bytes.withUnsafeMutableBytes { instance.write($0, at: Instant(nanoseconds: 0)) } == 1)
        #expect(!instance.isWritable && instance.state == .open)
        instance.timerFired(at: Instant(nanoseconds: 1))
        #expect(instance.isWritable)
    }

    @Test func `a transport that names torrents opens with one only`() throws {
        var functions = Self.honest()
        functions.torrent_name = { _, _ in }
        #expect(Self.isFaulty(try Self.instance(functions, .responder)))
        #expect(try Self.instance(functions, .initiator).state == .open)
    }
}
