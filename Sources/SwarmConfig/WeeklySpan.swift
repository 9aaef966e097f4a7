// SPDX-License-Identifier: Apache-2.0

/// A time of day on some days of the week, written as `mon-fri 08:00-18:00`, `sat,sun 10:00-02:00`, or `22:00-06:00` for
/// every day. A span whose end does not come after its beginning ends on the next day.
package struct WeeklySpan: Hashable, Sendable, CustomStringConvertible {
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Whether it begins on each day, Monday first.
    private let days: [Bool]
    private let begin: Int
    private let end: Int
    /// As it was written.
    package let description: String

    /// Nil for what is not written so.
    package init?(_ text: String) {
        let words = text.lowercased().split(separator: " ")
        guard let times = words.last, words.count <= 2 else { return nil }
        let ends = times.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let begin = Self.minute(ends[0]), let end = Self.minute(ends[1]) else { return nil }
        guard let days = words.count == 2 ? Self.days(words[0]) : Array(repeating: true, count: 7) else { return nil }
        self.days = days
        self.begin = begin % WeekTime.day
        self.end = end
        self.description = text
    }

    /// Whether the minute lies in it; its own end does not.
    package func contains(_ time: WeekTime) -> Bool {
        if self.begin < self.end { return self.days[time.weekday] && (self.begin..<self.end).contains(time.minute) }
        return self.days[time.weekday] && time.minute >= self.begin
            || self.days[(time.weekday + 6) % 7] && time.minute < self.end
    }

    /// `08:00` or `8:00`, up to `24:00`.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            text.utf8.allSatisfy({ (0x30...0x3a).contains($0) }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            minute < 60, hour * 60 + minute <= WeekTime.day
        else { return nil }
        return hour * 60 + minute
    }

    /// `mon-fri`, `sat,sun`, `fri-mon,wed`.
    private static func days(_ text: Substring) -> [Bool]? {
        var days = Array(repeating: false, count: 7)
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard (1...2).contains(ends.count), let first = Self.names.firstIndex(of: ends[0]),
                let last = Self.names.firstIndex(of: ends[ends.count - 1])
            else { return nil }
            for offset in 0...(last - first + 7) % 7 { days[(first + offset) % 7] = true }
        }
        return days
    }
}

extension WeeklySpan: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        let text = try String(toml: node)
        guard let span = WeeklySpan(text) else {
            throw SettingFault(
                node, "expected a span of time as \"mon-fri 08:00-18:00\" or \"22:00-06:00\", found \(text.toml)")
        }
        self = span
    }

    var toml: String { self.description.toml }
    static var accepts: String { "\"[days] from-to\"" }
}
