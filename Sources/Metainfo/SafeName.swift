// SPDX-License-Identifier: Apache-2.0

/// Names for files and folders that are safe to use, whatever a torrent says.
///
/// Policy: `/` is taken out; control characters and bytes that are not UTF-8 become `_`; a name that is then empty or
/// `..` becomes `_`; `.` is left out of a path (a path of nothing else is `_`); a name longer than 255 bytes is cut and
/// keeps its extension. Backslashes, colons and names that only Windows reserves stay: they are ordinary here.
package enum SafeName {
    /// An extension longer than this is no extension.
    private static let extensionBytes = 32

    /// Whether a name comes out of the cleaning as it went in: only then does a torrent made of it name the same file.
    package static func isSafe(_ name: String) -> Bool {
        self.clean(Array(name.utf8)[...]).map { $0.utf8.elementsEqual(name.utf8) } ?? false
    }

    /// A whole path, at least one name.
    static func path(_ names: [ArraySlice<UInt8>]) -> [String] {
        let path = names.compactMap { self.clean($0) }
        return path.isEmpty ? ["_"] : path
    }

    /// A torrent's own name; nil when nothing of it is usable.
    package static func torrent(_ name: ArraySlice<UInt8>) -> String? {
        let text = self.scrub(name)
        return text.isEmpty || text == "." || text == ".." ? nil : self.fit(text)
    }

    /// `name.1.ext` for `name.ext`: a name that stands in for one that is taken.
    static func numbered(_ name: String, _ number: Int) -> String {
        let (stem, ending) = self.split(name)
        return self.join(stem, "." + String(number) + ending)
    }

    /// A name as errors show it.
    static func shown(_ name: ArraySlice<UInt8>) -> String {
        let text = self.scrub(name.prefix(80))
        return name.count > 80 ? text + "…" : text
    }

    /// One name; nil for `.`, which names the folder it stands in.
    private static func clean(_ name: ArraySlice<UInt8>) -> String? {
        let text = self.scrub(name)
        switch text {
        case ".": return nil
        case "", "..": return "_"
        default: return self.fit(text)
        }
    }

    private static func scrub(_ name: ArraySlice<UInt8>) -> String {
        if name.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }) {
            return String(decoding: name, as: UTF8.self)
        }
        if let valid = String(validating: name, as: UTF8.self) { return self.scrub(valid, replacing: nil) }
        return self.scrub(String(decoding: name, as: UTF8.self), replacing: "\u{fffd}")
    }

    private static func scrub(_ text: String, replacing invalid: Unicode.Scalar?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "/" {
            let isControl = scalar.value < 0x20 || (scalar.value >= 0x7f && scalar.value < 0xa0)
            result.append(isControl || scalar == invalid ? "_" : scalar)
        }
        return String(result)
    }

    private static func fit(_ name: String) -> String {
        guard name.utf8.count > MetainfoLimits.nameBytes else { return name }
        let (stem, ending) = self.split(name)
        return self.join(stem, ending)
    }

    private static func split(_ name: String) -> (stem: String, ending: String) {
        guard let dot = name.unicodeScalars.lastIndex(of: "."), dot > name.startIndex,
            name[dot...].utf8.count <= self.extensionBytes
        else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }

    /// Puts an ending on a stem, cut between characters so that both fit.
    private static func join(_ stem: String, _ ending: String) -> String {
        var room = MetainfoLimits.nameBytes - ending.utf8.count
        var kept = String.UnicodeScalarView()
        for scalar in stem.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else { break }
            kept.append(scalar)
        }
        return String(kept) + ending
    }
}
