// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SwarmModel

/// A word out of a closed set, as options and arguments take it.
enum ChoiceArgument {
    /// Reads what was typed; throws with the nearest word, or with all of them.
    static func read<Choice: CaseIterable & RawRepresentable<String>>(_ word: String) throws -> Choice {
        if let choice = Choice(rawValue: word) { return choice }
        throw ValidationError(Self.advice(for: word, among: Self.words(of: Choice.self)))
    }

    /// The words that there are.
    static func words<Choice: CaseIterable & RawRepresentable<String>>(of choice: Choice.Type) -> [String] {
        choice.allCases.map(\.rawValue)
    }

    /// What to type in place of `word`.
    static func advice(for word: String, among words: [String]) -> String {
        NearestName.nearest(to: word, among: words).map { "did you mean \($0)?" }
            ?? "there are \(words.joined(separator: ", "))"
    }
}
