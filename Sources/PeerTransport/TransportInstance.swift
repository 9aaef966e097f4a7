// SPDX-License-Identifier: Apache-2.0

import CLinux
import CSwarmPlugin
package import SwarmModel

/// One connection's engine: calls go in with the time, what comes out lies in `delivered` and `transmitted` until the next
/// call. Confined to one thread at a time.
///
/// Nothing here calls its owner back. What the plugin asks for during a call is written down and carried out by the owner
/// when the call is over, so the plugin is never entered twice however the owner goes about it. Every answer is checked;
/// the first wrong one ends the connection.
package final class TransportInstance {
    /// Plain bytes that one call may give out at most.
    static let deliveryLimit = 16 << 20
    /// Bytes that one call may send at most.
    static let transmissionLimit = 64 << 20

    /// What it is an instance of.
    package let transport: Transport
    /// Who began the connection.
    package let role: LinkRole
    /// What the transport said last.
    package internal(set) var state = LinkState.starting
    /// Why the connection failed, a few words.
    package internal(set) var failure: String?
    /// The torrent: given to an initiator, found by a responder.
    package internal(set) var infoHash: InfoHash?
    /// Plain bytes from the peer, given out by the last call.
    package internal(set) var delivered = LinkChunks()
    /// Bytes or datagrams for the peer, given out by the last call.
    package internal(set) var transmitted = LinkChunks()
    /// Whether `write` takes more. It ends with a `write` that took less than it was given.
    package internal(set) var isWritable = true

    let findTorrent: (@Sendable (Bytes20) -> InfoHash?)?
    let maximumDatagram: Int
    /// Plain bytes that the owner still takes. Datagrams only.
    var window = 0
    var handle: UnsafeMutableRawPointer?
    /// The memory that the call going on was given; nil between calls.
    var memory: UnsafeRawBufferPointer?
    let host: UnsafeMutablePointer<swarm_host>
    let linkHost: UnsafeMutablePointer<swarm_link_host>
    private var calls: UInt64 = 0

    init(_ transport: Transport, _ link: LinkSettings) {
        self.transport = transport
        self.role = link.role
        self.infoHash = link.role == .initiator ? link.infoHash : nil
        self.findTorrent = link.findTorrent
        self.maximumDatagram = Int(link.maximumDatagram)
        self.host = .allocate(capacity: 1)
        self.linkHost = .allocate(capacity: 1)
        self.host.initialize(to: Self.hostFunctions(seed: link.seed))
        self.linkHost.initialize(to: Self.linkFunctions())
        let context = Unmanaged.passUnretained(self).toOpaque()
        self.host.pointee.context = context
        self.linkHost.pointee.context = context
    }

    deinit {
        self.destroy()
        self.host.deallocate()
        self.linkHost.deallocate()
    }

    /// Makes the plugin's part; false when it makes none.
    func start(_ link: LinkSettings, at now: Instant) -> Bool {
        let create = self.transport.functions.create
        let hash = self.role == .initiator ? link.infoHash?.bytes ?? [] : []
        var isMade = false
        hash.withUnsafeBufferPointer { hash in
            var view = swarm_link(
                struct_size: UInt32(MemoryLayout<swarm_link>.size), role: link.role.rawValue,
                encryption: link.encryption.rawValue, key: link.key, maximum_datagram: link.maximumDatagram,
                is_ipv6: link.isV6 ? 1 : 0, info_hash: hash.isEmpty ? nil : hash.baseAddress, now: now.nanoseconds)
            self.run(UnsafeRawBufferPointer(start: nil, count: 0)) {
                let values = self.transport.values
                self.handle = create?(self.host, self.linkHost, &view, values.baseAddress, values.count)
                isMade = self.handle != nil
            }
        }
        return isMade
    }

    /// What came: on a stream any number of bytes, on datagrams one datagram. Changed in place.
    package func received(_ bytes: UnsafeMutableRawBufferPointer, at now: Instant) {
        guard let handle = self.handle, let start = bytes.baseAddress, !self.state.isOver else { return }
        self.run(UnsafeRawBufferPointer(bytes)) {
            self.transport.functions.received?(
                handle, start.assumingMemoryBound(to: UInt8.self), bytes.count, now.nanoseconds)
        }
    }

    /// Plain bytes for the peer, only while open: takes the first of them and returns how many; a stream takes them all.
    /// Changed in place.
    package func write(_ bytes: UnsafeMutableRawBufferPointer, at now: Instant) -> Int {
        guard let handle = self.handle, let start = bytes.baseAddress, self.state == .open else { return 0 }
        var taken = 0
        self.run(UnsafeRawBufferPointer(bytes)) {
            taken =
                self.transport.functions.write?(
                    handle, start.assumingMemoryBound(to: UInt8.self), bytes.count, now.nanoseconds) ?? 0
            if taken > bytes.count || taken < 0 { self.fault("took more bytes than it was given") }
            if taken != bytes.count {
                if self.transport.carrier == .stream { self.fault("did not take all bytes that it was given") }
                self.isWritable = false
            }
        }
        return self.state == .failed ? 0 : taken
    }

    /// A run of calls is over: what waited for more is sent now.
    package func settle(at now: Instant) {
        guard let handle = self.handle, let settle = self.transport.functions.settle, !self.state.isOver else {
            return self.clear()
        }
        self.run(UnsafeRawBufferPointer(start: nil, count: 0)) { settle(handle, now.nanoseconds) }
    }

    /// When `timerFired` is to be called; nil for never. To be asked after each run of calls.
    package var deadline: Instant? {
        guard let handle = self.handle, self.state != .failed else { return nil }
        let outer = clinux_call_begin(self.transport.number)
        let time = self.transport.functions.deadline?(handle) ?? .max
        clinux_call_end(outer)
        return time == .max ? nil : Instant(nanoseconds: time)
    }

    /// The deadline has passed.
    package func timerFired(at now: Instant) {
        guard let handle = self.handle, self.state != .failed else { return self.clear() }
        self.run(UnsafeRawBufferPointer(start: nil, count: 0)) {
            self.transport.functions.timer?(handle, now.nanoseconds)
        }
    }

    /// From now on `count` more plain bytes are taken. Datagrams only.
    package func setWindow(_ count: Int, at now: Instant) {
        guard let handle = self.handle, let setWindow = self.transport.functions.set_window, !self.state.isOver else {
            return self.clear()
        }
        self.window = count
        self.run(UnsafeRawBufferPointer(start: nil, count: 0)) { setWindow(handle, count, now.nanoseconds) }
    }

    /// Begins to end the connection in order: what was written is still to reach the peer, and the state tells when
    /// that is so. False when nothing is left to be done.
    package func close(at now: Instant) -> Bool {
        guard let handle = self.handle, let close = self.transport.functions.close, !self.state.isOver else {
            self.clear()
            return false
        }
        self.run(UnsafeRawBufferPointer(start: nil, count: 0)) { close(handle, now.nanoseconds) }
        return !self.state.isOver
    }

    /// Forgets what the last call gave out; its owner has taken it.
    package func clear() {
        self.delivered.removeAll()
        self.transmitted.removeAll()
    }

    // MARK: - Calls

    private func run(_ memory: UnsafeRawBufferPointer, _ body: () -> Void) {
        self.clear()
        self.memory = memory
        self.calls &+= 1
        let isSample = self.calls & (TransportMeter.sampling - 1) == 1
        let outer = clinux_call_begin(self.transport.number)
        if isSample || self.transport.meter.isWatched { self.time(isSample, memory.count, body) } else { body() }
        clinux_call_end(outer)
        self.memory = nil
        self.checkState()
    }

    /// Makes a call, and counts it as a fault when it took longer than it may with so many bytes. Most calls are not timed:
    /// asking the clock costs as much as they do.
    private func time(_ isSample: Bool, _ byteCount: Int, _ body: () -> Void) {
        let meter = self.transport.meter
        let usage = meter.isWatched ? ThreadUsage.now() : nil
        let isHandshake = self.state == .starting
        let start = TransportMeter.clock()
        body()
        let elapsed = TransportMeter.clock() &- start
        if usage != nil { meter.countWatched() }
        if isSample {
            meter.add(nanoseconds: elapsed &* TransportMeter.sampling)
            meter.add(calls: TransportMeter.sampling)
        }
        let least = isHandshake ? CallBudget.nanosecondsOfHandshake : CallBudget.nanoseconds
        let limit = least + UInt64(byteCount) * CallBudget.nanosecondsPerByte
        guard elapsed > limit else { return }
        let used = usage.map { ThreadUsage.now().since($0) }
        meter.watch()
        guard let used, let what = CallBudget.fault(elapsed: elapsed, used: used, within: limit) else { return }
        meter.addFault()
        self.transport.whenFaulty(what)
    }

    private func checkState() {
        if self.state == .starting, !self.delivered.isEmpty { self.fault("delivered bytes before it was open") }
        if self.state.isOpen, self.role == .responder, self.infoHash == nil, self.transport.namesTorrents {
            self.fault("is open without a torrent")
        }
        if self.state == .bypassed || self.state == .failed { self.destroy() }
    }

    private func destroy() {
        guard let handle = self.handle else { return }
        self.handle = nil
        let outer = clinux_call_begin(self.transport.number)
        self.transport.functions.destroy?(handle)
        clinux_call_end(outer)
    }

    /// A wrong answer: the connection is over, and nothing that came with it is used.
    func fault(_ what: String) {
        guard self.state != .failed else { return }
        self.transport.meter.addFault()
        self.state = .failed
        self.failure = "transport \(self.transport.name) \(what)"
        self.clear()
        self.transport.whenFaulty(what)
    }
}
