// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

extension PeerSession {
    /// When `timerFired` wants to be called next. Changes with every call; far away once the session has ended.
    package var nextDeadline: Instant {
        switch self.phase {
        case .created, .handshaking: return self.startedAt + self.configuration.handshakePatience
        case .established:
            var next = min(self.lastReceived + Self.silencePatience, self.lastSent + self.keepAlivePause)
            if self.pipeline.count > 0 { next = min(next, self.lastProgress + self.configuration.blockPatience) }
            return self.now < self.restsUntil ? min(next, self.restsUntil) : next
        case .closed: return Instant(nanoseconds: .max)
        }
    }

    /// Does whatever is due by `now`; being called early or often is harmless.
    package mutating func timerFired(at now: Instant, into events: inout [PeerEvent]) {
        self.now = max(self.now, now)
        switch self.phase {
        case .created, .handshaking:
            guard now - self.startedAt >= self.configuration.handshakePatience else { return }
            self.violate(.handshakeTimeout, into: &events)
        case .established:
            guard now - self.lastReceived < Self.silencePatience else { return self.violate(.silent, into: &events) }
            if self.pipeline.count > 0, now - self.lastProgress >= self.configuration.blockPatience {
                self.giveUpAll(into: &events)
            }
            if now - self.lastSent >= self.keepAlivePause {
                self.hasKeptAlive = true
                if self.output.isEmpty { MessageWriter.keepAlive(into: &self.output) }
                self.lastSent = now
            }
        case .closed: return
        }
    }

    private var keepAlivePause: Interval {
        self.hasKeptAlive ? Self.keepAliveInterval : self.configuration.firstKeepAlive
    }

    /// Takes everything outstanding back: others shall be asked for it. While the peer chokes us it is only forgetful.
    private mutating func giveUpAll(into events: inout [PeerEvent]) {
        if !self.isChokedByPeer, !self.isSnubbed {
            self.isSnubbed = true
            events.append(.snubbed)
        }
        if !self.isChokedByPeer { self.window.shrink() }
        while let request = self.pipeline.giveUpFirst() {
            MessageWriter.cancel(request.range, into: &self.output)
            request.forEachWanted { events.append(.blockTimedOut($0)) }
        }
    }
}
