// SPDX-License-Identifier: Apache-2.0

/// Seconds for people.
package enum DurationText {
    /// The two biggest units: `42s`, `4m 12s`, `3h 5m`, `2d 4h`.
    package static func duration(_ seconds: Int) -> String {
        let seconds = max(seconds, 0)
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return Self.pair(seconds / 60, "m", seconds % 60, "s") }
        if seconds < 86_400 { return Self.pair(seconds / 3_600, "h", seconds / 60 % 60, "m") }
        return Self.pair(seconds / 86_400, "d", seconds / 3_600 % 24, "h")
    }

    /// Reads `90`, `90s`, `15 min`, `2h`, `7d`; nil for anything else. A number alone is seconds.
    package static func parse(_ text: String) -> Int? {
        let lowered = text.lowercased().filter { $0 != " " }
        let digits = lowered.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int(digits), let factor = Self.factor(String(lowered.dropFirst(digits.count))) else {
            return nil
        }
        let (seconds, overflow) = value.multipliedReportingOverflow(by: factor)
        return overflow ? nil : seconds
    }

    private static func factor(_ unit: String) -> Int? {
        switch unit {
        case "", "s": 1
        case "m", "min": 60
        case "h": 3_600
        case "d": 86_400
        case "w": 604_800
        default: nil
        }
    }

    private static func pair(_ big: Int, _ bigUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(big)\(bigUnit)" : "\(big)\(bigUnit) \(small)\(smallUnit)"
    }
}
