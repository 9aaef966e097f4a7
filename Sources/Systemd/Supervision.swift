// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a service manager has told this process, and how to answer it. A program that somebody started by hand has one
/// that says nothing.
package struct Supervision: Sendable {
    /// Says how the service is.
    package let notifier: ServiceNotifier
    /// The longest silence before the service manager kills the process; nil when nobody watches.
    package let watchdogInterval: Duration?
    /// Sockets that were opened beforehand.
    package let sockets: PassedSockets
    /// Whether the process belongs to a unit, and may be kept from places by the unit's sandbox.
    package let isUnit: Bool

    /// The environment variables that say all this (systemd.exec(5), sd_notify(3), sd_listen_fds(3)).
    private static let variables = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "INVOCATION_ID",
    ]

    /// Nobody supervises.
    package static let none = Supervision(environment: [:], process: 0)

    /// Reads what these environment variables tell the process with this number.
    package init(environment: [String: String], process: Int32) {
        self.notifier = ServiceNotifier(environment: environment)
        self.watchdogInterval = WatchdogInterval.from(environment: environment, process: process)
        self.sockets = PassedSockets(environment: environment, process: process)
        self.isUnit = environment["INVOCATION_ID"] != nil
    }

    /// That of this process.
    package static func ofThisProcess() -> Supervision {
        var environment: [String: String] = [:]
        for name in Self.variables {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        return Supervision(environment: environment, process: getpid())
    }
}
