// SPDX-License-Identifier: Apache-2.0

/// Lists the plugins that are loaded.
package enum DaemonPlugins: ControlMethod {
    /// The name on the wire.
    package static let name = "daemon.plugins"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = NoFields

    /// What comes out.
    package struct Result: ControlObject {
        /// The plugins by kind and name.
        package var plugins: [PluginStatus]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case plugins
        }

        /// Takes the fields as they are.
        package init(plugins: [PluginStatus]) {
            self.plugins = plugins
        }
    }
}
