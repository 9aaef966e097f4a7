// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlWire
import SwarmModel

/// What is chosen of files: `FILE=LEVEL`, the file being all before the last `=`.
enum FileAssignments {
    /// Reads such words. Throws for another form, and for a level that there is not.
    static func choices(_ words: [String]) throws -> [FileChoice] {
        try words.map { word in
            guard let place = word.lastIndex(of: "="), place > word.startIndex else {
                throw ValidationError("\u{201C}\(word)\u{201D} is not of the form FILE=LEVEL")
            }
            let level = String(word[word.index(after: place)...])
            guard FilePriority(rawValue: level) != nil else {
                let levels = ChoiceArgument.words(of: FilePriority.self)
                throw ValidationError(
                    "there is no level \u{201C}\(level)\u{201D}; " + ChoiceArgument.advice(for: level, among: levels))
            }
            return FileChoice(file: String(word[..<place]), level: level)
        }
    }
}
