// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// One instance of the transport, and what it did. Writes what it has to say as fast as the transport takes it, and takes
/// up to `window` bytes in every run.
final class Endpoint {
    private let functions: swarm_transport
    private var handle: UnsafeMutableRawPointer?
    private let host: UnsafeMutablePointer<swarm_host>
    private let linkHost: UnsafeMutablePointer<swarm_link_host>
    private let options: UnsafeMutablePointer<swarm_option_value>
    private let text: UnsafeMutablePointer<CChar>
    /// How far its clock is ahead of the network's, and how much faster it goes, in parts of a million.
    var clockOffset: Int64 = 0
    var clockDrift: Int64 = 0
    /// Bytes taken in each run.
    var window = 1 << 20
    /// What it has to say, and how much of it was written.
    var toSay: [UInt8] = []
    private(set) var written = 0
    /// What it heard.
    private(set) var heard: [UInt8] = []
    /// Whether bytes are kept in `heard`, or only counted.
    var keeps = true
    private(set) var heardCount = 0
    /// States in the order they were told.
    private(set) var states: [UInt32] = []
    private(set) var reason: String?
    private(set) var datagrams: [[UInt8]] = []
    private(set) var overruns = 0
    private var room = 0
    private var isClosing = false
    private var mayWrite = true

    static let option: Int64 = 8

    init?(
        isInitiator: Bool, key: UInt16, seed: UInt64, at now: Int64, maximumDatagram: Int = 1_472, isV6: Bool = false,
        clockOffset: Int64 = 0
    ) {
        guard let functions = Library.functions else { return nil }
        self.functions = functions
        self.clockOffset = clockOffset
        self.host = .allocate(capacity: 1)
        self.linkHost = .allocate(capacity: 1)
        self.options = .allocate(capacity: 1)
        self.text = .allocate(capacity: 4)
        for (index, byte) in "8".utf8CString.enumerated() { (self.text + index).initialize(to: byte) }
        self.options.initialize(
            to: swarm_option_value(
                struct_size: UInt32(MemoryLayout<swarm_option_value>.size), type: SWARM_OPTION_INTEGER, key: self.text,
                integer: Self.option, number: Double(Self.option), text: self.text))
        self.host.initialize(
            to: swarm_host(
                struct_size: UInt32(MemoryLayout<swarm_host>.size), abi_major: UInt16(SWARM_ABI_MAJOR),
                abi_minor: UInt16(SWARM_ABI_MINOR), context: nil, seed: seed, log: { _, _, _, _ in }, secure_random: nil
            ))
        self.linkHost.initialize(to: Self.callbacks)
        self.linkHost.pointee.context = Unmanaged.passUnretained(self).toOpaque()
        let hash = [UInt8](repeating: 7, count: Int(SWARM_HASH_LENGTH))
        self.handle = hash.withUnsafeBufferPointer { hash in
            var link = swarm_link(
                struct_size: UInt32(MemoryLayout<swarm_link>.size),
                role: isInitiator ? SWARM_ROLE_INITIATOR : SWARM_ROLE_RESPONDER, encryption: SWARM_ENCRYPTION_ALLOWED,
                key: UInt32(key), maximum_datagram: UInt32(maximumDatagram), is_ipv6: isV6 ? 1 : 0,
                info_hash: isInitiator ? hash.baseAddress : nil, now: self.clock(now))
            return functions.create(self.host, self.linkHost, &link, self.options, 1)
        }
        guard self.handle != nil else { return nil }
    }

    deinit {
        if let handle = self.handle { self.functions.destroy(handle) }
        self.host.deallocate()
        self.linkHost.deallocate()
        self.options.deallocate()
        self.text.deallocate()
    }

    var isOpen: Bool { self.states.last == SWARM_LINK_OPEN }
    var isOver: Bool { self.states.last == SWARM_LINK_ENDED || self.states.last == SWARM_LINK_FAILED }

    /// A datagram arrives; `finishRun` is to follow.
    func receive(_ datagram: [UInt8], at now: Int64) {
        guard let handle = self.handle, !self.isOver else { return }
        var bytes = datagram
        bytes.withUnsafeMutableBufferPointer {
            self.functions.received(handle, $0.baseAddress, $0.count, self.clock(now))
        }
    }

    /// The end of a run of calls: writes, takes, settles.
    func finishRun(at now: Int64) {
        guard let handle = self.handle, !self.isOver else { return }
        self.room = self.window
        self.functions.set_window(handle, self.window, self.clock(now))
        self.write(at: now)
        if !self.isOver { self.functions.settle(handle, self.clock(now)) }
    }

    private func write(at now: Int64) {
        guard let handle = self.handle, self.isOpen, !self.isClosing, self.mayWrite, self.written < self.toSay.count
        else { return }
        self.toSay.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            let count = bytes.count - self.written
            let taken = self.functions.write(handle, start + self.written, count, self.clock(now))
            self.written += taken
            self.mayWrite = taken == count
        }
    }

    /// Fires the timer if it is due.
    func wake(at now: Int64) {
        guard let handle = self.handle, !self.isOver else { return }
        guard self.functions.deadline(handle) <= self.clock(now) else { return }
        self.functions.timer(handle, self.clock(now))
    }

    /// When it wants to be woken, in the network's time.
    var deadline: Int64 {
        guard let handle = self.handle, !self.isOver else { return .max }
        let deadline = self.functions.deadline(handle)
        guard deadline != .max else { return .max }
        let time = deadline - self.clockOffset
        return self.clockDrift == 0 ? time : Int64(Double(time) / (1 + Double(self.clockDrift) / 1e6)) + 1_000
    }

    func close(at now: Int64) {
        guard let handle = self.handle, !self.isOver else { return }
        self.isClosing = true
        self.functions.close(handle, self.clock(now))
    }

    /// The datagrams sent since the last call.
    func takeDatagrams() -> [[UInt8]] {
        defer { self.datagrams.removeAll(keepingCapacity: true) }
        return self.datagrams
    }

    private func clock(_ now: Int64) -> Int64 { now + self.clockOffset + now / 1_000_000 * self.clockDrift }

    private nonisolated(unsafe) static let callbacks = swarm_link_host(
        struct_size: UInt32(MemoryLayout<swarm_link_host>.size), reserved: 0, context: nil,
        deliver: { context, bytes, count in
            Endpoint.with(context) { $0.heard(UnsafeBufferPointer(start: bytes, count: count)) }
        },
        transmit: { context, bytes, count in
            let datagram = [UInt8](UnsafeBufferPointer(start: bytes, count: count))
            Endpoint.with(context) { $0.datagrams.append(datagram) }
        },
        changed: { context, state, reason in
            let words = reason.map { String(cString: $0) }
            Endpoint.with(context) {
                $0.states.append(state)
                $0.reason = words
            }
        },
        writable: { context in Endpoint.with(context) { $0.mayWrite = true } },
        find_torrent: { _, _, _ in 0 })

    private static func with(_ context: UnsafeMutableRawPointer?, _ body: (Endpoint) -> Void) {
        guard let context else { return }
        body(Unmanaged<Endpoint>.fromOpaque(context).takeUnretainedValue())
    }

    private func heard(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.heardCount += bytes.count
        self.room -= bytes.count
        if self.room < 0 { self.overruns += 1 }
        if self.keeps { self.heard.append(contentsOf: bytes) }
    }
}
