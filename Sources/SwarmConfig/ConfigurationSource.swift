// SPDX-License-Identifier: Apache-2.0

/// The text of one configuration file.
package struct ConfigurationSource: Sendable {
    /// Its path, for messages.
    package let path: String
    /// Its bytes, which should be UTF-8.
    package let text: [UInt8]

    /// Takes bytes as they were read.
    package init(path: String, text: [UInt8]) {
        self.path = path
        self.text = text
    }

    /// Takes text that is at hand.
    package init(path: String, text: String) {
        self.init(path: path, text: Array(text.utf8))
    }
}
