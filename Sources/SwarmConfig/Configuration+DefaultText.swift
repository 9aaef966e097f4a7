// SPDX-License-Identifier: Apache-2.0

extension Configuration {
    /// The commented file with every key at its default, as `--print-default-config` prints it.
    package static var defaultText: String {
        let defaults = Self()
        var lines = Self.title.split(separator: "\n", omittingEmptySubsequences: false).map { "# \($0)" }
        for table in Self.tables {
            lines += ["", "[\(table.name)]"] + Self.comment(table.help)
            for key in Self.keys where key.table == table.name {
                lines += [""] + Self.comment(key.help) + Self.facts(of: key, defaults)
                if let value = key.text(in: defaults) {
                    lines.append("\(key.name) = \(value)")
                } else if let example = key.example {
                    lines.append("#\(key.name) = \(example)")
                }
            }
        }
        return lines.map(Self.trimmed).joined(separator: "\n") + "\n"
    }

    /// What may be written, what holds otherwise, and when a change is noticed.
    private static func facts(of key: SettingKey<Self>, _ defaults: Self) -> [String] {
        let values = key.accepts.prefix(1).uppercased() + key.accepts.dropFirst()
        let usual = key.text(in: defaults).map { "Default \($0)." } ?? "Unset by default."
        let lines = Self.comment("\(values). \(usual)")
        let effect = key.effect.sentence
        // Not broken, so that it can be searched for.
        guard let last = lines.last, last.count + 1 + effect.count <= Self.width else { return lines + ["# " + effect] }
        return lines.dropLast() + [last + " " + effect]
    }

    /// Columns of the default file.
    private static var width: Int { 100 }

    /// `text` as comment lines of at most `width` columns.
    private static func comment(_ text: String) -> [String] {
        var lines: [String] = []
        var line = "#"
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > Self.width {
                lines.append(line)
                line = "#"
            }
            line += " " + word
        }
        return lines + [line]
    }

    private static func trimmed(_ line: String) -> String {
        line.hasSuffix(" ") ? String(line.dropLast()) : line
    }
}
