// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[watch]`: folders whose .torrent files are added.
package struct WatchSettings: Hashable, Sendable {
    /// Time between two looks at the folders that nothing called for.
    package var interval = Interval.seconds(60)
    /// `[watch.<name>]`, by name.
    package var options = OptionTables()

    /// The folders, in the order of their names.
    package var folders: [WatchFolderSettings] {
        self.options.names.compactMap { WatchFolderSettings($0, self.options[$0]) }
    }

    /// What is wrong with the folders, by key.
    var problems: [(key: String, message: String)] {
        self.options.names.flatMap { name in
            WatchFolderSettings.problems(name, self.options[name]).map { ("watch.\(name).\($0.key)", $0.message) }
        }
    }

    /// The keys of the folders that there are: `watch.music.path`.
    package var keys: [SettingKey<DaemonConfiguration>] {
        self.options.names.flatMap { name in
            WatchFolderSettings.keys.map { key in
                SettingKey(
                    option: key.name, of: name, in: "watch", \.watch.options,
                    default: key.name == "paused" ? .boolean(false) : .text(""), .live, accepts: key.accepts,
                    help: key.help, check: { WatchFolderSettings.problem(key.name, $0) })
            }
        }
    }

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "watch", "interval", \.watch.interval, .live, .within(.seconds(1) ... .seconds(86_400)),
                help:
                    "Time between two looks at the folders besides those that new files call for: some network file"
                    + " systems tell nobody of files that another machine writes.")
        ]
    }
}
