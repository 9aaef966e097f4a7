// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[queue]`: how many torrents take part at once, and when seeding ends.
package struct QueueSettings: Hashable, Sendable {
    private static let nanoseconds: Int64 = 1_000_000_000

    /// Torrents that are fetched at once; 0 for no limit.
    package var downloads = 0
    /// Complete torrents that are served at once; 0 for no limit.
    package var seeds = 0
    /// Time without any payload after which a torrent takes nobody's place; 0 for never.
    package var stalled = Interval.seconds(1_800)
    /// Where new torrents get in.
    package var newTorrents = QueueEntry.last
    /// Bytes sent for each byte of a torrent after which seeding it ends; 0 for never.
    package var seedRatio = 0.0
    /// Time since it was complete after which seeding a torrent ends; 0 for never.
    package var seedTime = Interval.seconds(0)
    /// Time without anybody who takes something after which seeding a torrent ends; 0 for never.
    package var seedIdle = Interval.seconds(0)

    /// Whether not every torrent may take part.
    package var isLimited: Bool { self.downloads > 0 || self.seeds > 0 }

    /// When seeding ends of a torrent that has no limits of its own.
    package var seedLimits: SeedLimits {
        SeedLimits(
            ratio: self.seedRatio, time: self.seedTime.nanoseconds / Self.nanoseconds,
            idle: self.seedIdle.nanoseconds / Self.nanoseconds)
    }

    static var keys: [SettingKey<DaemonConfiguration>] {
        let times = Interval.seconds(0) ... .seconds(3_650 * 86_400)
        return [
            SettingKey(
                "queue", "downloads", \.queue.downloads, .live, .within(0...100_000),
                help:
                    "How many torrents are fetched at once, those that are being checked among them; the others are"
                    + " queued, in an order that swarmctl queue changes. 0 for no limit."),
            SettingKey(
                "queue", "seeds", \.queue.seeds, .live, .within(0...100_000),
                help: "How many complete torrents are served at once; the others are queued. 0 for no limit."),
            SettingKey(
                "queue", "stalled", \.queue.stalled, .live, .within(times),
                help:
                    "A torrent that has neither received nor sent anything for so long goes on, but takes nobody's place"
                    + " any more; \"0 s\" has it keep its place."),
            SettingKey(
                "queue", "new_torrents", \.queue.newTorrents, .live,
                help: "Where torrents that are added get into the queue."),
            SettingKey(
                "queue", "seed_ratio", \.queue.seedRatio, .live, .within(0...10_000),
                help:
                    "A complete torrent is paused when it has sent so many times its size, as 2 or 1.5; 0 for never. One"
                    + " that is resumed afterwards is left alone. swarmctl set gives a torrent limits of its own."),
            SettingKey(
                "queue", "seed_time", \.queue.seedTime, .live, .within(times),
                help: "A torrent is paused so long after it was complete, as \"7 d\"; \"0 s\" for never."),
            SettingKey(
                "queue", "seed_idle", \.queue.seedIdle, .live, .within(times),
                help:
                    "A complete torrent is paused when nobody has taken anything of it for so long; \"0 s\" for never."),
        ]
    }
}
