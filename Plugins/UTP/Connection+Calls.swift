// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// What the host calls.
extension Connection {
    /// Takes the first of `bytes` for the peer, and returns how many.
    func write(_ bytes: UnsafePointer<UInt8>, count: Int, at now: Int64) -> Int {
        guard self.stage == .open, count > 0 else { return 0 }
        if self.queue.isEmpty, now - self.lastSent > self.roundTrip.timeout { self.window.rested() }
        let part = min(count, max(0, self.writeLimit - self.queue.bytesHeld))
        let taken = part > 0 ? self.queue.append(bytes, count: part, room: self.packetRoom) : 0
        if taken < count { self.isRefusing = true }
        return taken
    }

    private var writeLimit: Int { Int(self.window.bytes) + Self.writeAhead }

    /// Tells the host once that `write` takes more, when a good part of it is free again.
    func tellWhetherWritable() {
        guard self.isRefusing, self.stage == .open else { return }
        guard self.writeLimit - self.queue.bytesHeld >= Self.writeAhead / 2,
            self.queue.end.ahead(of: self.queue.first) < SendQueue.maximumPackets / 2
        else { return }
        self.isRefusing = false
        self.link.becameWritable()
    }

    /// The host takes `count` more bytes.
    func setWindow(_ count: Int, at now: Int64) {
        self.room = count
        self.deliverKept()
        let free = self.freeRoom
        // The peer waits, or soon would, because of what it was told.
        let step = 2 * self.packetRoom
        if free >= step, self.toldWindow < step || free / 2 > self.toldWindow { self.mustAcknowledge = true }
    }

    /// A run of calls is over.
    func settle(at now: Int64) {
        guard self.stage != .over else { return }
        self.flush(at: now)
        if self.mustAcknowledge || self.unacknowledged > 1 {
            self.acknowledge(at: now)
        } else if self.unacknowledged == 1, self.acknowledgeAt == Int64.max {
            self.acknowledgeAt = now + Self.acknowledgementDelay
        }
    }

    /// We have nothing more to say: what was written still goes, and an end mark after it.
    func close(at now: Int64) {
        switch self.stage {
        case .open:
            self.stage = .closing
            self.queue.append(.fin)
            self.settle(at: now)
        case .answered, .connecting:
            self.sendMark(.reset, at: now)
            self.end()
        case .listening: self.end()
        case .closing, .over: break
        }
    }

    /// When `timer` is to be called.
    var deadline: Int64 {
        switch self.stage {
        case .listening, .over: Int64.max
        case .connecting, .answered, .open, .closing:
            min(
                min(self.timeoutAt, self.probeAt), min(self.persistAt, self.acknowledgeAt),
                self.lastSent + Self.keepAliveInterval)
        }
    }
}
