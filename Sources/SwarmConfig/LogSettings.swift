// SPDX-License-Identifier: Apache-2.0

/// `[log]`: what is written to the journal.
package struct LogSettings: Hashable, Sendable {
    /// The least important level that is written.
    package var level = LogLevel.info

    /// Both programs have this table, so both roots can.
    static func keys<Root>(_ field: any WritableKeyPath<Root, LogLevel> & Sendable) -> [SettingKey<Root>] {
        [
            SettingKey(
                "log", "level", field, .live,
                help: "The least important records that are written; each level has those behind it too.")
        ]
    }
}
