// SPDX-License-Identifier: Apache-2.0

/// What happens when nothing arrives.
extension Connection {
    /// A deadline has passed.
    func timer(at now: Int64) {
        guard self.stage != .over else { return }
        if self.probeAt <= now { self.probeTail(at: now) }
        if self.timeoutAt <= now { self.timedOut(at: now) }
        if self.persistAt <= now { self.persist(at: now) }
        guard self.stage != .over else { return }
        self.flush(at: now)
        if self.acknowledgeAt <= now || self.mustAcknowledge { self.acknowledge(at: now) }
        if self.lastSent + Self.keepAliveInterval <= now {
            self.queue.shrink()
            self.acknowledge(at: now)
            self.lastSent = now
        }
    }

    /// Something was answered: the time begins anew for what is still under way.
    func restartTimers(at now: Int64) {
        guard self.queue.sentCount > 0 else {
            self.timeoutAt = Int64.max
            self.probeAt = Int64.max
            return
        }
        self.timeoutAt = now + self.roundTrip.timeout
        self.restartProbeTimer(at: now)
    }

    func restartProbeTimer(at now: Int64) {
        guard self.roundTrip.isMeasured, self.timeouts == 0 else { return }
        let lone = self.queue.sentCount == 1 ? Self.patienceForLonePacket : 0
        self.probeAt = now + max(2 * self.roundTrip.smoothed, Self.shortestProbeDelay) + lone
    }

    /// Repeats the last packet that was sent (RFC 8985 "tail loss probe"): its acknowledgement tells which are missing, long
    /// before the timeout.
    private func probeTail(at now: Int64) {
        self.probeAt = Int64.max
        guard self.queue.lostCount == 0 else { return }
        var number = self.queue.unsent
        while number != self.queue.first {
            number &-= 1
            if self.queue[number].stage == .inFlight {
                self.send(number, at: now)
                break
            }
        }
        self.probeAt = Int64.max
    }

    private func timedOut(at now: Int64) {
        self.timeouts += 1
        let isFirst = self.stage == .connecting
        let isHeld = self.peerWindow < self.packetRoom && now - self.lastHeard < Self.patienceForSilence
        if self.timeouts >= (isFirst ? Self.maximumFirstTimeouts : Self.maximumTimeouts), isFirst || !isHeld {
            return self.fail(isFirst ? "the peer does not answer" : "the peer does not answer any more")
        }
        self.loseAll()
        if !isHeld || isFirst { self.window.timedOut() }
        self.roundTrip.backOff()
        self.probeAt = Int64.max
        self.timeoutAt = now + self.roundTrip.timeout
    }

    /// Takes everything under way for lost.
    func loseAll() {
        var number = self.queue.first
        while number != self.queue.unsent {
            let packet = self.queue[number]
            if packet.stage == .inFlight, packet.probeSize > 0 { self.path.lost(Int(packet.probeSize)) }
            self.queue.lose(number)
            number &+= 1
        }
        self.recovery = self.queue.unsent
        self.countedTo = self.queue.unsent
        self.newestSent = Int64.min
    }

    /// Sends a packet to a peer that said it takes none: the answer tells whether it does by now.
    private func persist(at now: Int64) {
        self.persistAt = Int64.max
        guard self.queue.unsent != self.queue.end, self.queue.sentCount == 0 else { return }
        self.isPersisting = true
        self.send(self.queue.unsent, at: now)
    }
}
