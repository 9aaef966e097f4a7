// SPDX-License-Identifier: Apache-2.0

/// The text of one configuration file.
package struct ConfigurationSource: Sendable {
    /// Its path, for messages.
    package let path: String
    /// Its bytes, which should be UTF-8.
    package let text: [UInt8]
    /// Whether it is one of `conf.d`, which all the programs read.
    package let isDropIn: Bool

    /// Takes bytes as they were read.
    package init(path: String, text: [UInt8], isDropIn: Bool = false) {
        self.path = path
        self.text = text
        self.isDropIn = isDropIn
    }

    /// Takes text that is at hand.
    package init(path: String, text: String, isDropIn: Bool = false) {
        self.init(path: path, text: Array(text.utf8), isDropIn: isDropIn)
    }
}
