// SPDX-License-Identifier: Apache-2.0

/// Lists the plugins, and the files that cannot be used as one.
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
        /// The files that cannot be used.
        package var unusable: [PluginFailure]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case plugins
            case unusable
        }

        /// Takes the fields as they are.
        package init(plugins: [PluginStatus], unusable: [PluginFailure] = []) {
            self.plugins = plugins
            self.unusable = unusable
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.plugins = try container.decode([PluginStatus].self, forKey: .plugins)
            self.unusable = try container.decodeIfPresent([PluginFailure].self, forKey: .unusable) ?? []
        }
    }
}
