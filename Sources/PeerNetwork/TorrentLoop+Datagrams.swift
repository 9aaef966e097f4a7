// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import SwarmModel

/// Connections that a torrent begins over datagrams.
extension TorrentLoop {
    /// Begins the carrier of a dialled connection.
    func beginDatagrams(_ connection: PeerConnection, at now: Instant) {
        var settings = LinkSettings(
            role: .initiator, encryption: self.services.limits.current.encryption,
            infoHash: self.dialledName(of: connection.endpoint), seed: self.seeds.next())
        settings.isV6 = connection.endpoint.address.isV6
        let stream = try? self.services.datagrams?.connect(to: connection.endpoint, settings, loop: self.loop, at: now)
        guard let stream else { return self.dialFailed(connection) }
        connection.link.attach(.datagrams(stream))
        stream.owner = .torrent(self, connection)
        let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
        self.loop.scheduleTask(in: Self.dialTimeout) {
            let (torrent, connection) = bound.value
            if !stream.hasStood { torrent.dialFailed(connection) }
        }
        stream.begin(at: now)
    }
}
