// SPDX-License-Identifier: Apache-2.0

/// A plugin file that cannot be used.
package struct PluginFailure: ControlObject {
    /// What is wrong with it: one sentence that names the file.
    package var message: String

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case message
    }

    /// Takes the fields as they are.
    package init(message: String) {
        self.message = message
    }
}
