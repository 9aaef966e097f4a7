// SPDX-License-Identifier: Apache-2.0

/// `[log]`: what is written to the journal.
package struct LogSettings: Hashable, Sendable {
    /// The least important level that is written.
    package var level = LogLevel.info
    /// Where it is written.
    package var target = LogTarget.auto

    /// Both programs have this table, so both roots can.
    static func keys<Root>(
        level: any WritableKeyPath<Root, LogLevel> & Sendable, target: any WritableKeyPath<Root, LogTarget> & Sendable
    ) -> [SettingKey<Root>] {
        [
            SettingKey(
                "log", "level", level, .live,
                help: "The least important records that are written; each level has those behind it too."),
            SettingKey(
                "log", "target", target, .restart,
                help:
                    "Where they are written: as records with fields to the \"journal\", as lines to \"stderr\"; \"auto\""
                    + " takes the journal when standard error leads there, as it does for a service."),
        ]
    }
}
