// SPDX-License-Identifier: Apache-2.0

/// How often the service manager wants to hear that the service is alive (`WatchdogSec=` of the unit), as
/// sd_watchdog_enabled(3) has it.
package enum WatchdogInterval {
    /// The longest silence that is allowed; nil when nobody watches this process.
    package static func from(environment: [String: String], process: Int32) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 0 else {
            return nil
        }
        // A variable that was meant for a parent of ours.
        if let owner = environment["WATCHDOG_PID"], owner != "\(process)" { return nil }
        return .microseconds(microseconds)
    }
}
