// SPDX-License-Identifier: Apache-2.0

/// Lines of `name: value`, the values aligned.
package struct FieldList: Sendable {
    private var fields: [(name: String, value: String)] = []

    /// Starts empty.
    package init() {}

    /// Adds a line; the value is made safe for a terminal.
    package mutating func append(_ name: String, _ value: String) {
        self.fields.append((name, Printable.clean(value)))
    }

    /// Adds a line when there is a value.
    package mutating func append(_ name: String, _ value: String?) {
        if let value { self.append(name, value) }
    }

    /// The lines, each with its end.
    package var text: String {
        let width = self.fields.map { Printable.columns($0.name) }.max() ?? 0
        return self.fields.map { name, value in
            name + ":" + String(repeating: " ", count: width - Printable.columns(name) + 1) + value + "\n"
        }.joined()
    }
}
