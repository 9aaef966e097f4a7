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
    /// What the files say, what the cluster says, and both as one.
    private struct Rules {
        var files: AccessRules
        var shared: AccessRules?
        var banned: AddressFilter
        var effective = AccessRules()

        mutating func settle() {
            self.effective = self.shared.map { self.files.joined(with: $0) } ?? self.files
            self.effective.banned = self.banned
        }
    }

    private let accessRules: Mutex<Rules>

    init(_ configuration: TrackerServerConfiguration, rules: AccessRules, banned: AddressFilter = AddressFilter()) {
        self.values = Mutex(Values(configuration))
        var all = Rules(files: rules, banned: banned)
        all.settle()
        self.accessRules = Mutex(all)
    }

    var current: Values { self.values.withLock { $0 } }

    /// What the catalogue takes and gives.
    var catalogue: CatalogueLimits { self.current.catalogue }

    /// Read once a batch of datagrams.
    var connectionIDLifetime: Interval { self.values.withLock { $0.connectionIDLifetime } }

    /// Whom and what the tracker serves. Read once a batch of datagrams or announce over HTTP.
    var rules: AccessRules { self.accessRules.withLock { $0.effective } }

    /// Serves by other rules from now on.
    func change(rules: AccessRules) {
        self.accessRules.withLock { current in
            current.files = rules
            current.settle()
        }
    }

    /// Serves nobody at these addresses from now on.
    func change(banned: AddressFilter) {
        self.accessRules.withLock { current in
            current.banned = banned
            current.settle()
        }
    }

    /// Serves by other rules of the cluster from now on.
    func change(shared rules: AccessRules) {
        self.accessRules.withLock { current in
            current.shared = rules
            current.settle()
        }
    }

    func change(to configuration: TrackerServerConfiguration) {
        self.values.withLock { $0 = Values(configuration) }
    }
}
