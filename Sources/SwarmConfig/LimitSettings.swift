// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[limits]`: how much may move, over all torrents.
package struct LimitSettings: Hashable, Sendable {
    /// Bytes a second in; 0 for no cap.
    package var download = ByteCount(bytes: 0)
    /// Bytes a second out; 0 for no cap.
    package var upload = ByteCount(bytes: 0)
    /// When the scheduled caps hold in place of these.
    package var schedule: [WeeklySpan] = []
    /// Bytes a second in while the schedule says so; 0 for no cap.
    package var scheduledDownload = ByteCount(bytes: 0)
    /// Bytes a second out while the schedule says so; 0 for no cap.
    package var scheduledUpload = ByteCount(bytes: 0)

    /// The caps at a minute of the week, by the clock on the wall.
    package func caps(at time: WeekTime) -> TransferCaps {
        self.schedule.contains { $0.contains(time) }
            ? TransferCaps(download: self.scheduledDownload.bytes, upload: self.scheduledUpload.bytes)
            : TransferCaps(download: self.download.bytes, upload: self.upload.bytes)
    }

    static var keys: [SettingKey<DaemonConfiguration>] {
        let rates = ByteCount(bytes: 0) ... .gibibytes(1_024)
        return [
            SettingKey(
                "limits", "download", \.limits.download, .live, .within(rates),
                help: "The most payload that all torrents together receive in a second, as \"10 MiB\"; 0 for no limit."),
            SettingKey(
                "limits", "upload", \.limits.upload, .live, .within(rates),
                help: "The most payload that all torrents together send in a second; 0 for no limit."),
            SettingKey(
                "limits", "schedule", \.limits.schedule, .live,
                help: "When the two limits below hold in place of those above, in local time: \"mon-fri 08:00-18:00\","
                    + " \"sat,sun 10:00-02:00\", \"22:00-06:00\" for every day. A span that ends before it begins runs"
                    + " into the next day."),
            SettingKey(
                "limits", "scheduled_download", \.limits.scheduledDownload, .live, .within(rates),
                help: "The same as download, while the schedule says so."),
            SettingKey(
                "limits", "scheduled_upload", \.limits.scheduledUpload, .live, .within(rates),
                help: "The same as upload, while the schedule says so."),
        ]
    }
}
