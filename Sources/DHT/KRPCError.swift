// SPDX-License-Identifier: Apache-2.0

/// Why a query is refused (BEP 5): a code, and words for people.
package struct KRPCError: Error, Hashable, Sendable {
    /// Something is wrong with the arguments, or a token with its age.
    package static func protocolError(_ text: String) -> KRPCError { KRPCError(code: 203, text: text) }
    /// The question is not known.
    package static let unknownMethod = KRPCError(code: 204, text: "method unknown")

    /// One of 201 to 204, and whatever others send.
    package let code: Int
    /// Words.
    package let text: String

    /// Pairs a code with words.
    package init(code: Int, text: String) {
        self.code = code
        self.text = text
    }
}
