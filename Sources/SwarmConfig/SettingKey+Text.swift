// SPDX-License-Identifier: Apache-2.0

extension SettingKey {
    /// `root` with this key set to what an operator typed: TOML, or bare words where a string is meant (`debug`, `5 s`,
    /// `/srv/data`), or words with commas between where a list of strings is. Throws what reading the same from a file
    /// would report.
    package func changed(_ root: Root, to text: String) throws(SettingRefusal) -> Root {
        var changed = root
        let bare = Self.node(of: text)
        if let bare, self.read(bare, &changed) == nil { return changed }
        let words = self.isList ? "[" + Self.words(of: text).map(\.toml).joined(separator: ", ") + "]" : text.toml
        let quoted = Self.node(of: words)
        if let quoted, self.read(quoted, &changed) == nil { return changed }
        let fault = [bare, quoted].lazy.compactMap { $0.flatMap { self.read($0, &changed) } }.first
        throw SettingRefusal(self.dottedName, fault?.message ?? "expected \(self.accepts)")
    }

    /// The one value that is TOML in `text`; nil when it is none, or more than one.
    private static func node(of text: String) -> TomlNode? {
        let entries = try? TomlDocument.entries(of: Array("value = \(text)\n".utf8))
        guard let entries, entries.count == 1, entries[0].key == "value" else { return nil }
        return entries[0].node
    }

    private static func words(of text: String) -> [String] {
        text.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
    }
}
