// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import PeerTransport
import SwarmModel

/// Between a connection's carrier and its session.
extension TorrentLoop {
    /// How long a dialled connection may take from the dial to where peers may talk.
    static let linkPatience = Interval.seconds(15)

    /// The carrier's connection stands.
    func carrierStands(_ connection: PeerConnection) {
        guard !connection.isClosed else { return connection.link.close() }
        connection.link.whenTimerFired = { [unowned self, unowned connection] in
            self.follow(connection)
            self.finishWakeUp(of: connection)
        }
        connection.link.begin()
        self.follow(connection)
        self.finishWakeUp(of: connection)
    }

    /// Bytes came from the carrier.
    func arrived(_ buffer: ByteBuffer, on connection: PeerConnection) {
        guard connection.link.isEncoded || !connection.link.isIntroduced else {
            return self.received(buffer, on: connection)
        }
        guard !connection.isClosed else { return }
        connection.link.decode(buffer)
        self.follow(connection)
    }

    /// Does what follows from what the link's engine did last: peers begin to talk, plain bytes are read, the end.
    func follow(_ connection: PeerConnection) {
        let link = connection.link
        if link.isOpen, !link.isIntroduced {
            link.isIntroduced = true
            self.connected(connection)
        }
        while !link.plain.isEmpty, !connection.isClosed {
            // Taken out while they are worked through: reading them may make the engine give out more.
            var plain: [ByteBuffer] = []
            swap(&plain, &link.plain)
            for buffer in plain where !connection.isClosed { self.received(buffer, on: connection) }
            plain.removeAll(keepingCapacity: true)
            if link.plain.isEmpty { swap(&plain, &link.plain) }
        }
        guard link.isOver, !connection.isClosed else { return }
        self.services.logger.debug(
            "peer connection ended by its transport",
            metadata: [
                "torrent.id": "\(self.infoHash)", "peer.address": "\(connection.endpoint)",
                "transport": "\(link.way.name(isBypassed: link.isBypassed))",
                "reason": "\(link.failure ?? "ended by the peer")",
            ])
        if self.dials[ObjectIdentifier(connection)] != nil {
            self.linkFailed(connection)
        } else {
            self.close(connection)
        }
    }

    /// Gives up dialled connections that do not come to where peers may talk.
    func dropSlowLinks(at now: Instant) {
        for connection in Array(self.dials.values) where now - connection.since > Self.linkPatience {
            self.linkFailed(connection)
        }
    }
}
