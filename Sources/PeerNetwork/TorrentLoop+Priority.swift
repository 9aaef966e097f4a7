// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel

/// Whom we are connected to when not all can be: by canonical priority (BEP 40).
extension TorrentLoop {
    /// A peer told us our address.
    func noteExternalAddress(from connection: PeerConnection) {
        guard let address = connection.session.extendedHandshake?.receiverAddress,
            self.externalAddress.told(address, by: connection.endpoint.address),
            let own = self.externalAddress.address(isV6: address.isV6)
        else { return }
        self.candidates.setOwn(PeerEndpoint(address: own, port: self.services.listenPort ?? 0))
    }

    /// Ends the connection of a peer that matters less than one that calls, if there is such.
    func makesRoom(for caller: PeerEndpoint) -> Bool {
        guard let own = self.ownEndpoint(isV6: caller.address.isV6) else { return false }
        let now = self.now
        let present = self.connections.map { id, connection in
            ConnectionContest.Entrant(
                id: id, priority: self.priority(of: connection.endpoint), age: now - connection.since,
                isBusy: connection.session.downloadMeter.bytesPerSecond(at: now) > 0
                    || connection.session.uploadMeter.bytesPerSecond(at: now) > 0)
        }
        guard let loser = ConnectionContest.loser(to: CanonicalPriority.of(own, caller), among: present),
            let connection = self.connections[loser]
        else { return false }
        self.close(connection)
        return true
    }

    private func priority(of endpoint: PeerEndpoint) -> UInt32 {
        self.ownEndpoint(isV6: endpoint.address.isV6).map { CanonicalPriority.of($0, endpoint) } ?? 0
    }

    private func ownEndpoint(isV6: Bool) -> PeerEndpoint? {
        self.externalAddress.address(isV6: isV6).map { PeerEndpoint(address: $0, port: self.services.listenPort ?? 0) }
    }
}
