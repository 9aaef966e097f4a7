// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import Metainfo
import SwarmModel

/// What somebody chose of a torrent's files, in the order of choosing.
struct FileChoices {
    /// The most bytes that are remembered before the files are known.
    private static let storedLimit = 64 << 10

    private let choices: [(file: String, level: FilePriority)]

    /// Throws for a level that there is not.
    init(_ choices: [FileChoice]) throws(ControlError) {
        var read: [(file: String, level: FilePriority)] = []
        for choice in choices {
            guard let level = FilePriority(rawValue: choice.level) else {
                throw ControlError("a file", isOneOf: FilePriority.allCases.map(\.rawValue), not: choice.level)
            }
            guard !choice.file.isEmpty, !choice.file.utf8.contains(0x0A) else {
                throw ControlError(.invalidParams, "a choice must name a file")
            }
            read.append((choice.file, level))
        }
        self.choices = read
    }

    var isEmpty: Bool { self.choices.isEmpty }

    /// As they are stored until the files are known, behind what is stored already. Throws when that gets too long.
    func stored(behind earlier: String?) throws(ControlError) -> String? {
        let lines = self.choices.map { "\($0.level.rawValue) \($0.file)" }
        let text = ((earlier.map { [$0] } ?? []) + lines).joined(separator: "\n")
        guard text.utf8.count <= Self.storedLimit else {
            throw ControlError(.refused, "too many choices for a torrent whose files are not known yet")
        }
        return text.isEmpty ? nil : text
    }

    /// What was stored.
    init(stored text: String?) {
        self.choices = (text ?? "").split(separator: "\n").compactMap { line in
            guard let space = line.firstIndex(of: " "), let level = FilePriority(rawValue: String(line[..<space]))
            else {
                return nil
            }
            return (String(line[line.index(after: space)...]), level)
        }
    }

    /// Makes the choices. Throws for one that means no file, unless it is `lenient`.
    func apply(
        to priorities: inout FilePriorities, _ files: [FileEntry], lenient: Bool = false
    ) throws(ControlError) {
        for choice in self.choices {
            let matches = Self.matches(choice.file, files)
            guard !matches.isEmpty || lenient else {
                throw ControlError(
                    .notFound,
                    "the torrent has no file \u{201C}\(choice.file.prefix(200))\u{201D}; swarmctl files lists them")
            }
            for index in matches { priorities[index] = choice.level }
        }
    }

    /// Places in the torrent, padding left out: by path or folder, then by number, then by pattern.
    private static func matches(_ name: String, _ files: [FileEntry]) -> [Int] {
        let shown = files.indices.filter { !files[$0].isPadding }
        let wanted = name.hasSuffix("/") ? String(name.dropLast()) : name
        let named = shown.filter { index in
            Self.paths(of: files[index]).contains { $0 == wanted || $0.hasPrefix(wanted + "/") }
        }
        if !named.isEmpty { return named }
        if let number = Int(name), name.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) {
            return shown.indices.contains(number) ? [shown[number]] : []
        }
        return shown.filter { index in Self.paths(of: files[index]).contains { fnmatch(name, $0, 0) == 0 } }
    }

    private static func paths(of file: FileEntry) -> [String] {
        let whole = file.path.joined(separator: "/")
        return file.path.count > 1 ? [whole, file.path.dropFirst().joined(separator: "/")] : [whole]
    }
}
