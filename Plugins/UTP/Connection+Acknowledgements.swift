// SPDX-License-Identifier: Apache-2.0

/// What the peer says of our packets.
extension Connection {
    private static let maximumLossCount = 192

    func receivedAcknowledgement(_ packet: IncomingPacket, at now: Int64) {
        let before = self.queue.bytesInFlight
        let firstBefore = self.queue.first
        var arrived = 0
        var measure: Int64?
        while self.queue.first != packet.header.acknowledged &+ 1 {
            arrived += self.arrived(self.queue.first, &measure, at: now)
            self.queue.removeFirst()
        }
        arrived += self.receivedMask(packet, &measure, at: now)
        if let measure { self.roundTrip.add(measure) }
        self.countDuplicates(packet, hasProgress: self.queue.first != firstBefore, at: now)
        self.findLosses(at: now)
        if self.queue.first != firstBefore || arrived > 0 {
            self.timeouts = 0
            self.isPersisting = false
            if measure == nil { self.roundTrip.restore() }
            let isFull = Double(before + self.packetRoom) >= self.window.bytes
            self.window.acknowledged(
                arrived, sentAt: self.newestSent, delay: self.delay, roundTrip: self.roundTrip, isFull: isFull, at: now)
            self.restartTimers(at: now)
        }
        if self.stage == .closing, self.queue.isEmpty { return self.end() }
        self.tellWhetherWritable()
    }

    /// A packet of ours has arrived; returns how much payload that is news of.
    private func arrived(_ number: UInt16, _ measure: inout Int64?, at now: Int64) -> Int {
        let packet = self.queue[number]
        switch packet.stage {
        case .waiting, .acknowledged: return 0
        case .inFlight, .lost: break
        }
        let time = now - packet.sentAt
        if packet.timesSent == 1 { measure = min(measure ?? Int64.max, time) }
        if packet.timesSent == 1 || packet.stage == .inFlight && time >= self.roundTrip.minimum {
            self.newestSent = max(self.newestSent, packet.sentAt)
        }
        // Too early an answer to a packet that was sent again is one to the first.
        let isLate = packet.stage == .lost || packet.timesSent > 1 && time < self.roundTrip.minimum / 2
        if isLate, packet.probeSize == 0, self.timeouts == 0 { self.noteReordering() }
        if packet.probeSize > 0 {
            self.path.arrived(Int(packet.probeSize))
            self.window.setPacket(self.packetRoom)
        }
        return self.queue.acknowledge(number)
    }

    /// A packet overtook others, which then were taken for lost: from now on it takes more to believe in a loss.
    private func noteReordering() {
        guard self.lossCount < Self.maximumLossCount else { return }
        self.lossCount *= 2
        self.window.regained()
    }

    private func receivedMask(_ packet: IncomingPacket, _ measure: inout Int64?, at now: Int64) -> Int {
        var arrived = 0
        for index in 0..<packet.maskLength where packet.mask[index] != 0 {
            for bit in 0..<8 where packet.mask[index] >> UInt8(bit) & 1 == 1 {
                let number = packet.header.acknowledged.advanced(2 + index * 8 + bit)
                guard number.ahead(of: self.queue.first) >= 0, self.queue.unsent.ahead(of: number) > 0 else {
                    return arrived
                }
                arrived += self.arrived(number, &measure, at: now)
            }
        }
        return arrived
    }

    /// A peer that sends no masks says the same again for each packet that it gets after a lost one.
    private func countDuplicates(_ packet: IncomingPacket, hasProgress: Bool, at now: Int64) {
        guard !hasProgress, !self.isWindowNews, packet.maskLength == 0, packet.header.kind == .state,
            self.queue.sentCount > 1
        else {
            self.duplicates = 0
            return
        }
        self.duplicates += 1
        guard self.duplicates == self.lossCount else { return }
        self.lose(self.queue.first, at: now)
    }

    /// Packets are lost when three after them have arrived (BEP 29), or one that was sent clearly later (RFC 8985): that
    /// finds those too that were lost a second time.
    private func findLosses(at now: Int64) {
        guard self.queue.acknowledgedCount > 0 else { return }
        var top = self.queue.unsent
        var seen = 0
        while top != self.queue.first, seen < self.lossCount {
            top &-= 1
            if self.queue[top].stage == .acknowledged { seen += 1 }
        }
        if seen == self.lossCount {
            var number = self.countedTo.ahead(of: self.queue.first) > 0 ? self.countedTo : self.queue.first
            while top.ahead(of: number) > 0 {
                if self.queue[number].timesSent == 1 { self.lose(number, at: now) }
                number &+= 1
            }
            self.countedTo = number
        }
        self.findOldLosses(at: now)
    }

    private func findOldLosses(at now: Int64) {
        guard now >= self.nextLook, self.newestSent != Int64.min else { return }
        let tolerance = max(self.roundTrip.smoothed * min(8, Int64(self.lossCount) / 3) / 4, RoundTrip.millisecond)
        self.nextLook = now + tolerance
        var number = self.queue.first
        while number != self.queue.unsent {
            if self.queue[number].sentAt < self.newestSent - tolerance { self.lose(number, at: now) }
            number &+= 1
        }
    }

    private func lose(_ number: UInt16, at now: Int64) {
        let packet = self.queue[number]
        guard packet.stage == .inFlight else { return }
        self.queue.lose(number)
        if packet.probeSize > 0 {
            self.path.lost(Int(packet.probeSize))
        } else if number.ahead(of: self.recovery) >= 0 {
            self.recovery = self.queue.unsent
            self.window.lost(delay: self.delay, at: now)
        }
    }
}
