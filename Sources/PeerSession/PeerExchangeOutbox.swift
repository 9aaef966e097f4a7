// SPDX-License-Identifier: Apache-2.0

package import PeerWire
package import SwarmModel

/// What one peer has been told of others (BEP 11): the first time all of them as far as a message goes, then once a minute
/// what has changed.
package struct PeerExchangeOutbox: Sendable {
    /// Between two messages.
    package static let interval = Interval.seconds(60)

    private var told = Set<PeerEndpoint>()
    private var nextAt: Instant

    /// Nothing told yet; the first message is due at once.
    package init(at now: Instant) {
        self.nextAt = now
    }

    /// Whether a message may be sent.
    package func isDue(at now: Instant) -> Bool { now >= self.nextAt }

    /// The next message, if it is due and there is news; `connected` are the peers to tell of, the receiver left out.
    package mutating func next(
        _ connected: [PeerExchangeMessage.Peer], at now: Instant
    ) -> PeerExchangeMessage? {
        guard self.isDue(at: now) else { return nil }
        var message = PeerExchangeMessage()
        let present = Set(connected.lazy.map(\.endpoint))
        for endpoint in self.told
        where !present.contains(endpoint) && message.dropped.count < PeerExchangeMessage.sentLimit {
            message.dropped.append(endpoint)
        }
        for peer in connected where message.added.count < PeerExchangeMessage.sentLimit {
            if self.told.insert(peer.endpoint).inserted { message.added.append(peer) }
        }
        self.told.subtract(message.dropped)
        guard !message.added.isEmpty || !message.dropped.isEmpty else { return nil }
        self.nextAt = now + Self.interval
        return message
    }
}
