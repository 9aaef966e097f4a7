// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SwarmModel
import Synchronization
import TrackerCore
import TrackerWire

/// One UDP socket and the thread that serves it: takes what has come in one call, answers, sends all answers in one
/// call. It waits only when nothing is left, for the socket or for a word from outside, and where reports alone come, for
/// more of them to gather.
final class DatagramWorker: Sendable {
    /// What the worker is told from outside.
    private struct Mail {
        var heartbeats: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    /// What the kernel is asked to keep of datagrams that wait, either way; the system's limit holds.
    private static let socketBuffer: Int32 = 4 << 20

    private let socket: Int32
    private let event: Int32
    private let shards: SwarmShards
    private let issuer: ConnectionIDIssuer
    private let limits: LiveLimits
    private let counters: ServerCounters
    private let mail = Mutex(Mail())
    private let hasMail = Atomic(false)
    private let isStopping = Atomic(false)
    private let isClosed = Atomic(false)

    /// Takes the address. Several may have the same when `sharesPort`: the kernel deals the senders out among them.
    init(
        _ endpoint: PeerEndpoint, sharesPort: Bool, shards: SwarmShards, issuer: ConnectionIDIssuer, limits: LiveLimits,
        counters: ServerCounters
    ) throws(DatagramSocketError) {
        let address = endpoint.address
        let socket = clinux_datagrams_listen(
            address.bytes, address.isV6 ? 1 : 0, endpoint.port, sharesPort ? 1 : 0, Self.socketBuffer)
        guard socket >= 0 else { throw DatagramSocketError(code: -socket) }
        let event = clinux_event_make()
        guard event >= 0 else {
            close(socket)
            throw DatagramSocketError(code: -event)
        }
        self.socket = socket
        self.event = event
        self.shards = shards
        self.issuer = issuer
        self.limits = limits
        self.counters = counters
    }

    deinit {
        self.closeSocket()
        close(self.event)
    }

    /// Serves until `stop`, on the calling thread.
    func run() {
        clinux_set_thread_name("udp")
        if let batch = clinux_datagrams_make() {
            self.serve(batch)
            clinux_datagrams_free(batch)
        }
        // From now on the system tells senders that nobody is here.
        self.closeSocket()
        self.readMail(isLast: true)
    }

    private func closeSocket() {
        if !self.isClosed.exchange(true, ordering: .acquiringAndReleasing) { close(self.socket) }
    }

    /// Ends `run` after the batch that it is at.
    func stop() {
        self.isStopping.store(true, ordering: .releasing)
        clinux_event_set(self.event)
    }

    /// Returns once the thread has come by.
    func heartbeat() async {
        await withCheckedContinuation { continuation in
            let hasEnded = self.mail.withLock { mail in
                if !mail.hasEnded { mail.heartbeats.append(continuation) }
                return mail.hasEnded
            }
            if hasEnded { continuation.resume() }
            self.hasMail.store(true, ordering: .releasing)
            clinux_event_set(self.event)
        }
    }

    private func serve(_ batch: OpaquePointer) {
        let service = DatagramService(shards: self.shards, issuer: self.issuer)
        var gathering = ReportGathering(buffer: Int(clinux_datagrams_buffer(self.socket)), at: .now)
        var rest = Interval.zero
        while !self.isStopping.load(ordering: .acquiring) {
            if self.hasMail.exchange(false, ordering: .acquiring) { self.readMail(isLast: false) }
            let count = clinux_datagrams_receive(batch, self.socket)
            if count > 0 {
                let now = Instant.now
                let reports = self.answer(batch, count, service, at: now)
                rest = gathering.rest(afterReports: reports, questions: Int(count) - reports, at: now)
            }
            // A full batch may have more behind it, or nothing: then it is as if it were the last.
            if count == CLINUX_DATAGRAM_COUNT { continue }
            if rest > .zero {
                _ = clinux_event_rest(self.event, rest.nanoseconds)
            } else {
                _ = clinux_event_wait(self.event, self.socket)
            }
            rest = .zero
        }
    }

    /// Answers a batch; returns how many of it were reports.
    private func answer(_ batch: OpaquePointer, _ count: Int32, _ service: DatagramService, at now: Instant) -> Int {
        service.change(lifetime: self.limits.connectionIDLifetime, rules: self.limits.rules)
        for index in 0..<count { Self.answer(clinux_datagrams_at(batch, index), service, now) }
        let lost = clinux_datagrams_send(batch, self.socket, count)
        var tally = service.takeTally()
        tally.lostAnswers = UInt64(max(lost, 0))
        self.counters.add(tally)
        return tally.reports
    }

    private static func answer(
        _ item: UnsafeMutablePointer<clinux_datagram>, _ service: DatagramService, _ now: Instant
    ) {
        let datagram = item.pointee
        guard datagram.is_cut == 0, let bytes = datagram.bytes, let space = datagram.answer else { return }
        let address =
            datagram.is_v6 == 0
            ? IPAddress(v4: UInt32(truncatingIfNeeded: datagram.low))
            : IPAddress(v6: (high: datagram.high, low: datagram.low))
        var writer = DatagramWriter(
            UnsafeMutableRawBufferPointer(start: space, count: Int(CLINUX_DATAGRAM_BYTES)))
        let received = UnsafeBufferPointer(start: bytes, count: Int(datagram.length))
        service.answer(
            received.span, from: PeerEndpoint(address: address, port: datagram.port), at: now, into: &writer)
        if !writer.isCut { item.pointee.answer_length = UInt32(writer.count) }
    }

    private func readMail(isLast: Bool) {
        let heartbeats = self.mail.withLock { mail in
            defer {
                mail.heartbeats = []
                mail.hasEnded = isLast
            }
            return mail.heartbeats
        }
        for heartbeat in heartbeats { heartbeat.resume() }
    }
}
