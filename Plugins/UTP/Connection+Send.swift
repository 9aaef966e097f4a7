// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// What leaves.
extension Connection {
    static func microseconds(_ now: Int64) -> UInt32 { UInt32(truncatingIfNeeded: now / 1_000) }

    /// Sends what the windows allow: lost packets first.
    func flush(at now: Int64) {
        if self.queue.lostCount > 0 {
            var number = self.queue.first
            while number != self.queue.unsent, self.queue.lostCount > 0 {
                if self.queue[number].stage == .lost {
                    guard self.allows(Int(self.queue[number].count), again: true) else { return }
                    self.send(number, at: now)
                }
                number &+= 1
            }
        }
        while self.queue.unsent != self.queue.end, self.queue.sentCount < SendQueue.maximumInFlight {
            guard self.allows(Int(self.queue[self.queue.unsent].count), again: false) else { break }
            self.send(self.queue.unsent, at: now)
        }
        let isStuck = self.queue.unsent != self.queue.end && self.queue.sentCount == 0
        if !isStuck {
            self.persistAt = Int64.max
        } else if self.persistAt == Int64.max {
            self.persistAt = now + self.roundTrip.timeout
        }
    }

    private func allows(_ count: Int, again: Bool) -> Bool {
        // A packet that is repeated alone tries whether the peer takes anything by now.
        if self.queue.bytesInFlight == 0, again || count <= self.peerWindow { return true }
        let after = self.queue.bytesInFlight + count
        return Double(after) <= self.window.bytes && (after <= self.peerWindow || count == 0)
    }

    /// Sends a packet of the queue, for the first time or again.
    func send(_ number: UInt16, at now: Int64) {
        let packet = self.queue[number]
        var header = PacketHeader(
            packet.kind, connection: packet.kind == .syn ? self.receiveID : self.sendID, sequence: number)
        self.complete(&header, at: now)
        let count = Int(packet.count)
        var probeSize = 0
        if packet.stage == .waiting, count == self.packetRoom, self.queue.lostCount == 0, self.mayProbePath,
            let size = self.path.next(at: now), size <= self.scratchSize
        {
            probeSize = size
        }
        if probeSize > 0, let bytes = packet.bytes {
            self.transmit(
                header, payload: bytes + PacketHeader.length, count, padding: probeSize - PacketHeader.length - count)
        } else {
            let bytes = packet.bytes ?? self.scratch
            header.write(to: bytes)
            self.link.transmit(bytes, count: PacketHeader.length + count)
        }
        self.queue.sent(number, at: now, probeSize: probeSize)
        self.lastSent = now
        // Where packets are missing only a mask tells all.
        if self.incoming.count == 0 { self.acknowledged() }
        if self.timeoutAt == Int64.max { self.restartTimers(at: now) } else { self.restartProbeTimer(at: now) }
    }

    /// Tells what has arrived.
    func acknowledge(at now: Int64) {
        switch self.stage {
        case .listening, .connecting, .over: return
        case .answered, .open, .closing: break
        }
        self.sendMark(.state, at: now)
        self.acknowledged()
    }

    /// Sends a packet without payload that is not kept.
    func sendMark(_ kind: PacketKind, at now: Int64) {
        // One that ends the connection takes a number, which nothing follows.
        let number = kind == .fin ? self.queue.end : self.queue.unsent
        var header = PacketHeader(kind, connection: self.sendID, sequence: number)
        self.complete(&header, at: now)
        let mask = self.scratch + PacketHeader.length + 2
        let length = kind == .state ? self.incoming.writeMask(to: mask) : 0
        if length > 0 {
            header.firstExtension = PacketHeader.selectiveAcknowledgement
            mask[-2] = 0
            mask[-1] = UInt8(length)
        }
        header.write(to: self.scratch)
        self.link.transmit(self.scratch, count: PacketHeader.length + (length > 0 ? 2 + length : 0))
        self.lastSent = now
    }

    private func complete(_ header: inout PacketHeader, at now: Int64) {
        self.toldWindow = self.freeRoom
        header.sentAt = Self.microseconds(now)
        header.delay = self.echo
        header.window = UInt32(clamping: self.toldWindow)
        header.acknowledged = self.incoming.last
    }

    private func acknowledged() {
        self.unacknowledged = 0
        self.mustAcknowledge = false
        self.acknowledgeAt = Int64.max
    }

    /// Probes pay only where much is sent, and tell something only where nothing is lost.
    private var mayProbePath: Bool {
        self.stage == .open && self.roundTrip.isMeasured && self.queue.sentCount >= 4
    }

    /// A packet made longer by extensions that mean nothing.
    private func transmit(
        _ header: PacketHeader, payload: UnsafePointer<UInt8>, _ count: Int, padding: Int
    ) {
        var header = header
        header.firstExtension = PacketHeader.padding
        header.write(to: self.scratch)
        var place = PacketHeader.length
        var left = padding
        while left > 0 {
            // Two bytes and at most 255 more, and never a single byte left over.
            let part = left <= 257 ? left : min(257, left - 2)
            left -= part
            self.scratch[place] = left > 0 ? PacketHeader.padding : 0
            self.scratch[place + 1] = UInt8(part - 2)
            (self.scratch + place + 2).update(repeating: 0, count: part - 2)
            place += part
        }
        (self.scratch + place).update(from: payload, count: count)
        self.link.transmit(self.scratch, count: place + count)
    }
}
