// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmModel

/// What a plugin may call from inside a call to it (`swarm_link_host`, `swarm_host`).
extension TransportInstance {
    private static let logLimit = 1_024
    private static let reasonLimit = 200

    static func hostFunctions(seed: UInt64) -> swarm_host {
        swarm_host(
            struct_size: UInt32(MemoryLayout<swarm_host>.size), abi_major: UInt16(SWARM_ABI_MAJOR),
            abi_minor: UInt16(SWARM_ABI_MINOR), context: nil, seed: seed,
            log: { context, severity, message, length in
                guard let message, length > 0 else { return }
                let bytes = UnsafeRawBufferPointer(start: message, count: min(length, TransportInstance.logLimit))
                let line = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
                TransportInstance.with(context) { $0.transport.log(severity, line) }
            },
            secure_random: { _, bytes, count in
                guard let bytes else { return }
                TransportInstance.fillRandomly(UnsafeMutableRawBufferPointer(start: bytes, count: count))
            })
    }

    static func linkFunctions() -> swarm_link_host {
        swarm_link_host(
            struct_size: UInt32(MemoryLayout<swarm_link_host>.size), reserved: 0, context: nil,
            deliver: { context, bytes, count in
                TransportInstance.with(context) { $0.deliver(UnsafeRawBufferPointer(start: bytes, count: count)) }
            },
            transmit: { context, bytes, count in
                TransportInstance.with(context) { $0.transmit(UnsafeRawBufferPointer(start: bytes, count: count)) }
            },
            changed: { context, state, reason in
                TransportInstance.with(context) { $0.change(to: state, reason) }
            },
            writable: { context in TransportInstance.with(context) { $0.becameWritable() } },
            find_torrent: { context, name, hash in
                var found: UInt32 = 0
                TransportInstance.with(context) { found = $0.find(name, hash) }
                return found
            })
    }

    private static func with(_ context: UnsafeMutableRawPointer?, _ body: (TransportInstance) -> Void) {
        guard let context else { return }
        Unmanaged<TransportInstance>.fromOpaque(context)._withUnsafeGuaranteedRef { body($0) }
    }

    private func deliver(_ bytes: UnsafeRawBufferPointer) {
        guard let memory = self.memory, !self.state.isOver else { return self.fault("delivered out of turn") }
        self.delivered.add(bytes, within: memory, joins: true)
        if self.delivered.byteCount > Self.deliveryLimit { self.fault("delivered too much at once") }
        guard self.transport.carrier == .datagram else { return }
        self.window -= bytes.count
        if self.window < 0 { self.fault("delivered more than its window") }
    }

    private func transmit(_ bytes: UnsafeRawBufferPointer) {
        guard let memory = self.memory, self.state != .failed else { return self.fault("sent out of turn") }
        let isStream = self.transport.carrier == .stream
        guard isStream || bytes.count <= self.maximumDatagram else { return self.fault("sent too large a datagram") }
        guard self.transmitted.byteCount + bytes.count <= Self.transmissionLimit else {
            return self.fault("sent too much at once")
        }
        self.transmitted.add(bytes, within: memory, joins: isStream)
    }

    private func change(to value: UInt32, _ reason: UnsafePointer<CChar>?) {
        guard self.memory != nil, let next = LinkState(rawValue: value), self.mayChange(to: next) else {
            return self.fault("changed to state \(value) out of turn")
        }
        self.state = next
        if next == .failed { self.failure = Self.words(reason) }
    }

    private func mayChange(to next: LinkState) -> Bool {
        switch (self.state, next) {
        case (_, .starting), (.bypassed, _), (.failed, _), (.open, .open): false
        case (.ended, .open), (.ended, .bypassed), (.ended, .ended): false
        case (_, .bypassed): self.transport.carrier == .stream
        case (.starting, _), (.open, _), (.ended, .failed): true
        }
    }

    private func becameWritable() {
        guard self.memory != nil else { return self.fault("became writable out of turn") }
        self.isWritable = true
    }

    private func find(_ name: UnsafePointer<UInt8>?, _ hash: UnsafeMutablePointer<UInt8>?) -> UInt32 {
        guard self.memory != nil, self.role == .responder, let name, let hash else {
            self.fault("looked for a torrent out of turn")
            return 0
        }
        let length = Int(SWARM_HASH_LENGTH)
        guard let name = Bytes20(UnsafeBufferPointer(start: name, count: length)),
            let found = self.findTorrent?(name)
        else { return 0 }
        self.infoHash = found
        for (index, byte) in found.bytes.enumerated() { hash[index] = byte }
        return 1
    }

    private static func words(_ reason: UnsafePointer<CChar>?) -> String {
        guard let reason else { return "no reason given" }
        var bytes: [UInt8] = []
        while bytes.count < Self.reasonLimit, reason[bytes.count] != 0 {
            bytes.append(UInt8(bitPattern: reason[bytes.count]))
        }
        return String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
    }

    private static func fillRandomly(_ bytes: UnsafeMutableRawBufferPointer) {
        var random = SystemRandomNumberGenerator()
        for start in stride(from: 0, to: bytes.count, by: 8) {
            var word = random.next()
            for index in start..<min(start + 8, bytes.count) {
                bytes[index] = UInt8(truncatingIfNeeded: word)
                word >>= 8
            }
        }
    }
}
