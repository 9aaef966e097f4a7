// SPDX-License-Identifier: Apache-2.0

/// What a program may read of an error.
package struct ControlErrorData: ControlObject {
    /// The code as a word; absent only in what another daemon may send.
    package var name: String?
    /// What the caller may have meant; absent when there is nothing to offer.
    package var candidates: [ControlCandidate]?

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case name
        case candidates
    }

    /// Takes the fields as they are.
    package init(name: String?, candidates: [ControlCandidate]?) {
        self.name = name
        self.candidates = candidates
    }
}
