// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerCore

/// The limits of a running tracker, shared by all its loops and threads.
final class LiveLimits: Sendable {
    /// What may change while it runs.
    struct Values: Sendable {
        var connections: Int
        var idleTimeout: Interval
        var connectionIDLifetime: Interval
        var proxies: AddressFilter
        var catalogue: CatalogueLimits
        var publishesOverview: Bool

        init(_ configuration: TrackerServerConfiguration) {
            self.connections = configuration.maximumConnections
            self.idleTimeout = configuration.idleTimeout
            self.connectionIDLifetime = configuration.connectionIDLifetime
            self.proxies = configuration.trustedProxies
            self.catalogue = configuration.catalogue
            self.publishesOverview = configuration.publishesOverview
        }
    }

    private let values: Mutex<Values>
    private let accessRules: Mutex<AccessRules>

    init(_ configuration: TrackerServerConfiguration, rules: AccessRules) {
        self.values = Mutex(Values(configuration))
        self.accessRules = Mutex(rules)
    }

    var current: Values { self.values.withLock { $0 } }

    /// What the catalogue takes and gives.
    var catalogue: CatalogueLimits { self.current.catalogue }

    /// Read once a batch of datagrams.
    var connectionIDLifetime: Interval { self.values.withLock { $0.connectionIDLifetime } }

    /// Whom and what the tracker serves. Read once a batch of datagrams or announce over HTTP.
    var rules: AccessRules { self.accessRules.withLock { $0 } }

    /// Serves by other rules from now on.
    func change(rules: AccessRules) {
        self.accessRules.withLock { $0 = rules }
    }

    func change(to configuration: TrackerServerConfiguration) {
        self.values.withLock { $0 = Values(configuration) }
    }
}
