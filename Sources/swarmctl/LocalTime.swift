// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The user's clock and time zone.
enum LocalTime {
    /// Seconds since 1970.
    static var now: Int { time(nil) }

    /// `2026-03-01 14:05:09`.
    static func text(_ seconds: Int) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        var buffer = [CChar](repeating: 0, count: 64)
        guard localtime_r(&moment, &parts) != nil,
            strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S", &parts) > 0
        else { return "\(seconds)" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}
