// SPDX-License-Identifier: Apache-2.0

import ControlWire
import PeerNetwork
import SwarmModel

extension ControlWire.PeerStatus {
    /// A connection's figures in the control protocol's words.
    init(_ status: ConnectionStatus) {
        self.init(
            address: "\(status.endpoint)", client: status.client, incoming: status.isInbound,
            transport: status.transport, encrypted: status.isEncrypted, progress: status.progress,
            downRate: Int(status.downloadRate), upRate: Int(status.uploadRate),
            downloaded: Int(clamping: status.downloaded), uploaded: Int(clamping: status.uploaded),
            interested: status.isInteresting, choked: status.isChokingUs, peerInterested: status.isInterested,
            peerChoked: status.isChoked, requests: status.requestsOut, connected: Int(status.connectedSeconds),
            faults: status.faults)
    }
}
