// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

extension ControlError {
    /// Says that `what` is one of some words and not `word`, and which of them was meant.
    init(_ what: String, isOneOf words: [String], not word: String) {
        let near = NearestName.nearest(to: word, among: words)
        self.init(
            .invalidParams,
            "\(what) is one of \(words.joined(separator: ", ")), not \u{201C}\(word.prefix(NearestName.longest))\u{201D}"
                + (near.map { "; did you mean \($0)?" } ?? ""),
            candidates: near.map { [ControlCandidate(name: $0)] } ?? [])
    }
}
