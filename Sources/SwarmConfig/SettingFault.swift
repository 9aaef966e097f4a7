// SPDX-License-Identifier: Apache-2.0

/// What is wrong with one value, and where in its file. Lines and columns count from 1.
struct SettingFault: Error {
    let line: Int
    let column: Int
    let message: String

    init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    init(_ node: TomlNode, _ message: String) {
        self.init(line: node.line, column: node.column, message: message)
    }
}
