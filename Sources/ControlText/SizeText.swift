// SPDX-License-Identifier: Apache-2.0

/// Bytes for people: binary units, three digits or so.
package enum SizeText {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// `1536` → `1.5 KiB`; less than nothing counts as nothing.
    package static func size(_ bytes: Int) -> String {
        let bytes = max(bytes, 0)
        guard bytes >= 1_024 else { return "\(bytes) B" }
        var unit = 0
        var divisor = 1
        while unit < Self.units.count - 1, bytes / divisor >= 1_000 {
            unit += 1
            divisor <<= 10
        }
        let whole = bytes / divisor
        guard whole < 100 else { return "\(whole) \(Self.units[unit])" }
        let tenths = (bytes % divisor) / max(divisor / 1_024, 1) * 10 / 1_024
        return "\(whole).\(tenths) \(Self.units[unit])"
    }

    /// `1536` → `1.5 KiB/s`.
    package static func rate(_ bytes: Int) -> String { Self.size(bytes) + "/s" }

    /// `0.4567` → `45.6%`; never rounded up, so that 100 means complete.
    package static func percent(_ fraction: Double) -> String {
        guard fraction.isFinite else { return "0.0%" }
        let tenths = Int(min(max(fraction, 0), 1) * 1_000)
        return tenths == 1_000 ? "100%" : "\(tenths / 10).\(tenths % 10)%"
    }

    /// `1.234` → `1.23`.
    package static func ratio(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e9 else { return "-" }
        let hundredths = Int(value * 100)
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Reads `65536`, `64K`, `64KiB`, `4 MiB`, `1.5G`, and decimal `kB`, `MB`; nil for anything else. Letters K, M,
    /// G, T alone are binary.
    package static func parse(_ text: String) -> Int? {
        let lowered = text.lowercased().filter { $0 != " " }
        let digits = lowered.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(digits), let factor = Self.factor(String(lowered.dropFirst(digits.count))) else {
            return nil
        }
        let bytes = value * Double(factor)
        guard bytes.isFinite, bytes >= 0, bytes < 9e18 else { return nil }
        return Int(bytes)
    }

    private static func factor(_ unit: String) -> Int? {
        switch unit {
        case "", "b": 1
        case "k", "kib": 1 << 10
        case "m", "mib": 1 << 20
        case "g", "gib": 1 << 30
        case "t", "tib": 1 << 40
        case "kb": 1_000
        case "mb": 1_000_000
        case "gb": 1_000_000_000
        case "tb": 1_000_000_000_000
        default: nil
        }
    }
}
