// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells the service manager how the service is, in the words of sd_notify(3): one datagram each to the socket that it
/// named in `NOTIFY_SOCKET`. Without that variable nothing is sent. What cannot be sent is lost: the service goes on.
package struct ServiceNotifier: Sendable {
    private let address: NotifyAddress?

    /// The notifier of a process with these environment variables.
    package init(environment: [String: String]) {
        self.address = environment["NOTIFY_SOCKET"].flatMap(NotifyAddress.init)
    }

    /// Whether anybody listens.
    package var isEnabled: Bool { self.address != nil }

    /// The service has started: commands are answered.
    package func ready() { self.send("READY=1") }

    /// The configuration is being read again; `ready` says that this has ended.
    package func reloading() { self.send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())") }

    /// The service has begun to stop.
    package func stopping() { self.send("STOPPING=1") }

    /// One line for people, shown by `systemctl status`.
    package func status(_ text: String) {
        self.send("STATUS=" + text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// The service is alive.
    package func watchdog() { self.send("WATCHDOG=1") }

    /// Starting or stopping takes longer than the unit allows: asks to be left alone for so long from now.
    package func extendTimeout(by time: Duration) {
        self.send("EXTEND_TIMEOUT_USEC=\(max(0, time.wholeMicroseconds))")
    }

    private func send(_ assignments: String) {
        self.address?.send(Array(assignments.utf8))
    }

    private static func monotonicMicroseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}

extension Duration {
    /// Microseconds, what is smaller cut off.
    fileprivate var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : product + attoseconds / 1_000_000_000_000
    }
}
