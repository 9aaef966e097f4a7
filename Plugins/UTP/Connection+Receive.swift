// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// What arrives. A packet that cannot come from the peer of this connection is ignored: anybody can send one.
extension Connection {
    func received(_ bytes: UnsafePointer<UInt8>, count: Int, at now: Int64) {
        guard self.stage != .over, let packet = IncomingPacket(bytes, count: count) else { return }
        switch packet.header.kind {
        case .syn: self.receivedFirst(packet.header, at: now)
        case .reset: self.receivedReset(packet.header)
        case .data, .fin, .state:
            guard packet.header.connection == self.receiveID else { return }
            self.received(packet, at: now)
        }
    }

    private func receivedFirst(_ header: PacketHeader, at now: Int64) {
        guard header.connection == self.sendID else { return }
        switch self.stage {
        case .listening:
            self.stage = .answered
            self.incoming = ReceiveQueue(last: header.sequence)
            self.note(header, at: now)
            self.mustAcknowledge = true
        case .answered:
            // Our answer was lost.
            if header.sequence == self.incoming.last { self.mustAcknowledge = true }
        case .connecting, .open, .closing, .over: break
        }
    }

    /// Believed only when it names a packet of ours that may just have arrived there.
    private func receivedReset(_ header: PacketHeader) {
        guard self.stage != .listening, header.connection == self.receiveID || header.connection == self.sendID
        else { return }
        let age = (self.queue.unsent &- 1).ahead(of: header.acknowledged)
        guard age >= 0, age <= self.queue.sentCount + 64 else { return }
        self.fail(self.stage == .connecting ? "the peer refused the connection" : "the peer reset the connection")
    }

    private func received(_ packet: IncomingPacket, at now: Int64) {
        let header = packet.header
        let ahead = header.acknowledged.ahead(of: self.queue.first &- 1)
        // Nobody acknowledges what was never sent.
        guard ahead <= self.queue.sentCount, ahead > -Self.maximumAge else { return }
        switch self.stage {
        case .listening, .over: return
        case .connecting:
            guard header.kind == .state, ahead == 1 else { return }
            // The answer does not use up a number.
            self.incoming = ReceiveQueue(last: header.sequence &- 1)
            self.stage = .open
            self.link.opened()
        case .answered:
            guard ahead == 0, header.sequence.ahead(of: self.incoming.last) > 0 else { return }
            self.stage = .open
            self.link.opened()
        case .open, .closing: break
        }
        self.note(header, at: now)
        if ahead >= 0 { self.receivedAcknowledgement(packet, at: now) }
        guard self.stage != .over, header.kind != .state else { return }
        self.receivedPayload(packet)
    }

    /// What every packet tells.
    private func note(_ header: PacketHeader, at now: Int64) {
        self.lastHeard = now
        self.echo = Self.microseconds(now) &- header.sentAt
        self.delay.measured(self.echo, at: now)
        self.delay.reported(header.delay, at: now)
        let isFirst = self.stage == .answered
        if isFirst || header.acknowledged.ahead(of: self.queue.first &- 1) >= 0 { self.noteWindow(Int(header.window)) }
    }

    private func noteWindow(_ window: Int) {
        self.isWindowNews = window != self.peerWindow
        let wasShut = self.peerWindow < self.packetRoom
        self.peerWindow = window
        guard wasShut, window >= self.packetRoom, self.isPersisting else { return }
        // What it had no room for was dropped there, which says nothing about the path.
        self.isPersisting = false
        self.timeouts = 0
        self.roundTrip.restore()
        self.loseAll()
    }

    private func receivedPayload(_ packet: IncomingPacket) {
        let number = packet.header.sequence
        let count = packet.payloadLength
        let distance = number.ahead(of: self.incoming.last)
        guard distance > 0 else {
            self.mustAcknowledge = true
            return
        }
        if let last = self.lastOfPeer, number.ahead(of: last) > 0 { return }
        // The missing one is taken even where those after it fill all room.
        let room = distance == 1 ? self.room : self.freeRoom
        guard room >= count || self.stage == .closing else {
            // It tried whether we take anything by now.
            self.mustAcknowledge = true
            return
        }
        if packet.header.kind == .fin, self.lastOfPeer == nil { self.lastOfPeer = number }
        if distance == 1 {
            if self.incoming.count > 0 { self.mustAcknowledge = true }
            self.incoming.advance()
            self.unacknowledged += 1
            self.deliver(packet.payload, count)
            self.deliverKept()
        } else if self.incoming.insert(number, packet.payload, count: count) {
            self.mustAcknowledge = true
        }
        self.checkEnd()
    }

    /// Gives out kept packets that have become next, as long as the host takes them.
    func deliverKept() {
        while self.incoming.hasNext {
            let next = self.incoming.next
            guard next == nil || next?.count ?? 0 <= self.room || self.stage == .closing else { break }
            if let next { self.deliver(next.bytes, next.count) }
            self.incoming.removeNext()
            self.unacknowledged += 1
        }
        self.checkEnd()
    }

    private func deliver(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        // After our last word nobody listens; it is acknowledged all the same.
        guard self.stage == .open, count > 0 else { return }
        self.room -= count
        self.link.deliver(bytes, count: count)
    }

    /// Whether the peer's last packet and all before it have arrived: then the connection ends on both sides.
    private func checkEnd() {
        guard let last = self.lastOfPeer, last == self.incoming.last, self.stage != .over else { return }
        self.sendMark(.state, at: self.lastHeard)
        if self.stage == .open { self.sendMark(.fin, at: self.lastHeard) }
        self.end()
    }
}
