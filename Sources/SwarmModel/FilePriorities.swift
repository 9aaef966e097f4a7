// SPDX-License-Identifier: Apache-2.0

/// The priorities of all files of a torrent, by their places in it, padding among them.
package struct FilePriorities: Hashable, Sendable {
    /// One a file.
    package private(set) var levels: [FilePriority]

    /// All normal.
    package init(count: Int) {
        self.levels = Array(repeating: .normal, count: count)
    }

    /// The priority of one file, which must exist.
    package subscript(file: Int) -> FilePriority {
        get { self.levels[file] }
        set { self.levels[file] = newValue }
    }

    /// Whether no file has another than the normal one.
    package var areNormal: Bool { self.levels.allSatisfy { $0 == .normal } }

    /// As it is stored: runs of a letter and a number, `n3s12h1`.
    package var text: String {
        var text = ""
        var start = 0
        while start < self.levels.count {
            let end = self.levels[start...].firstIndex { $0 != self.levels[start] } ?? self.levels.count
            text += "\(Self.letter(self.levels[start]))\(end - start)"
            start = end
        }
        return text
    }

    /// Reads what is stored; nil when it is not that, or of another number of files.
    package init?(text: String, count: Int) {
        var levels: [FilePriority] = []
        var rest = text[...]
        while let letter = rest.first {
            guard let level = FilePriority.allCases.first(where: { Self.letter($0) == letter }) else { return nil }
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard let length = Int(digits), length > 0, length <= count - levels.count else { return nil }
            levels += repeatElement(level, count: length)
            rest = rest[digits.endIndex...]
        }
        guard levels.count == count else { return nil }
        self.levels = levels
    }

    private static func letter(_ level: FilePriority) -> Character {
        switch level {
        case .skip: "s"
        case .low: "l"
        case .normal: "n"
        case .high: "h"
        }
    }
}
