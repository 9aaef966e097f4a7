// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization

/// The limits of a running tracker, shared by all its loops. Read once a connection or question to the catalogue, never
/// for an announce.
final class LiveLimits: Sendable {
    /// What may change while it runs.
    struct Values: Sendable {
        var connections: Int
        var idleTimeout: Interval
        var connectionIDLifetime: Interval
        var catalogue: CatalogueLimits

        init(_ configuration: TrackerServerConfiguration) {
            self.connections = configuration.maximumConnections
            self.idleTimeout = configuration.idleTimeout
            self.connectionIDLifetime = configuration.connectionIDLifetime
            self.catalogue = configuration.catalogue
        }
    }

    private let values: Mutex<Values>

    init(_ configuration: TrackerServerConfiguration) {
        self.values = Mutex(Values(configuration))
    }

    var current: Values { self.values.withLock { $0 } }

    /// What the catalogue takes and gives.
    var catalogue: CatalogueLimits { self.current.catalogue }

    /// Read once a batch of datagrams.
    var connectionIDLifetime: Interval { self.values.withLock { $0.connectionIDLifetime } }

    func change(to configuration: TrackerServerConfiguration) {
        self.values.withLock { $0 = Values(configuration) }
    }
}
