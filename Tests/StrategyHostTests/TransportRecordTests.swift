// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Logging
import PeerTransport
import SwarmModel
import Testing

@testable import StrategyHost

/// What becomes of a transport whose answers are wrong.
@Suite struct TransportRecordTests {
    private static func text(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// A stream transport that opens at once and is open again with every byte.
    nonisolated(unsafe) private static let functions: UnsafePointer<swarm_transport> = {
        let memory = UnsafeMutablePointer<swarm_transport>.allocate(capacity: 1)
        memory.initialize(
            to: swarm_transport(
                struct_size: UInt32(MemoryLayout<swarm_transport>.size), carrier: SWARM_CARRIER_STREAM,
                create: { _, host, _, _, _ in
                    guard let host else { return nil }
                    host.pointee.changed(host.pointee.context, SWARM_LINK_OPEN, nil)
                    return UnsafeMutableRawPointer(mutating: host)
                },
                destroy: { _ in }, route: nil, torrent_name: nil, recognizes: { _, _ in 1 },
                received: { instance, _, _, _ in
                    guard let host = instance?.assumingMemoryBound(to: swarm_link_host.self) else { return }
                    host.pointee.changed(host.pointee.context, SWARM_LINK_OPEN, nil)
                },
                write: { _, _, count, _ in count }, settle: nil, deadline: { _ in .max }, timer: { _, _ in },
                set_window: nil, close: nil))
        return UnsafePointer(memory)
    }()

    nonisolated(unsafe) private static let described: UnsafePointer<swarm_plugin> = {
        let memory = UnsafeMutablePointer<swarm_plugin>.allocate(capacity: 1)
        memory.initialize(
            to: swarm_plugin(
                struct_size: UInt32(MemoryLayout<swarm_plugin>.size), abi_major: UInt16(SWARM_ABI_MAJOR),
                abi_minor: UInt16(SWARM_ABI_MINOR), kind: SWARM_KIND_TRANSPORT, option_count: 0,
                name: Self.text("liar"), version: Self.text("1"), summary: Self.text("lies"), options: nil, picker: nil,
                choker: nil, transport: Self.functions))
        return UnsafePointer(memory)
    }()

    private static func connect(_ transport: Transport) -> TransportInstance? {
        transport.connect(
            LinkSettings(role: .initiator, encryption: .allowed, infoHash: StreamEnd.infoHash, seed: 1),
            at: Instant(nanoseconds: 0))
    }

    private static func lie(_ instance: TransportInstance) {
        var bytes: [UInt8] = [1]
        bytes.withUnsafeMutableBytes { instance.received($0, at: Instant(nanoseconds: 0)) }
    }

    @Test func `a transport that goes on giving wrong answers makes no more connections, which one line says`() throws {
        let plugin = try LoadedPlugin(path: "/nowhere/liar.so", entry: { _ in TransportRecordTests.described })
        let lines = LineLogHandler.Lines()
        let transport = try plugin.makeTransport(
            OptionValueTable([], of: []), logger: Logger(label: "test") { _ in LineLogHandler(lines: lines) })
        let patient = try #require(Self.connect(transport))
        for count in 1...PluginRecord.maximumFaults {
            #expect(!plugin.description.isTurnedOff && lines.all.isEmpty)
            let instance = try #require(Self.connect(transport))
            Self.lie(instance)
            #expect(instance.state == .failed)
            #expect(plugin.description.faults == UInt64(count))
        }
        #expect(plugin.description.isTurnedOff)
        #expect(Self.connect(transport) == nil)
        #expect(!transport.serves(.allowed))
        #expect([UInt8(19)].withUnsafeBytes { !transport.mayBegin(with: $0) })
        #expect(patient.state == .open)
        Self.lie(patient)
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.contains("the transport liar is turned off after 8 faults") == true)
    }
}
