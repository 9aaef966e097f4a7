// SPDX-License-Identifier: Apache-2.0

/// An error that crosses the control socket: a stable code, a sentence for a person (what, where, what to do), and
/// what a program may want to offer instead.
package struct ControlError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable code.
    package let code: ControlErrorCode
    /// One sentence: what failed, where, and what to do about it.
    package let message: String
    /// What the caller may have meant; empty when there is nothing to offer.
    package let candidates: [ControlCandidate]

    /// Takes the parts as they are.
    package init(_ code: ControlErrorCode, _ message: String, candidates: [ControlCandidate] = []) {
        self.code = code
        self.message = message
        self.candidates = candidates
    }

    /// The message, for logs.
    package var description: String { self.message }
}
