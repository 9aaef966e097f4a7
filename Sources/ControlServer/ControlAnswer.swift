// SPDX-License-Identifier: Apache-2.0

/// What a line is answered with.
package struct ControlAnswer: Sendable {
    /// The line of the answer, its end included; nil when the line asks for none.
    package var text: [UInt8]?
    /// What follows it on the same connection.
    package var stream: (any ControlStream)?

    /// Takes the parts as they are.
    package init(text: [UInt8]? = nil, stream: (any ControlStream)? = nil) {
        self.text = text
        self.stream = stream
    }
}
