// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwarmModel

/// An address that the tracker has, with all that listens there.
struct ListeningPort {
    /// With the real port.
    let endpoint: PeerEndpoint
    /// Takes the connections of HTTP.
    let channel: any Channel
    /// Take datagrams; nobody where UDP is not served.
    let workers: [DatagramWorker]
}
