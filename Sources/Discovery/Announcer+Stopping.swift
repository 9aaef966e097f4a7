// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmModel
import TrackerWire

extension Announcer {
    /// What a tracker is to be told of the end of a torrent.
    private struct Farewell {
        let announcement: Announcement
        let torrent: AnnouncedTorrent
        let infoHash: InfoHash
    }

    /// Tells the trackers of many torrents of their end, each tracker of `concurrencyPerTracker` torrents at a time.
    func stop(_ torrents: [InfoHash: Boxed<AnnouncedTorrent>]) async {
        var farewells: [Substring: [Farewell]] = [:]
        for (infoHash, box) in torrents {
            let torrent = box.value
            torrent.task?.cancel()
            var schedule = torrent.schedule
            for announcement in schedule.stop() {
                farewells[AnnounceLanes.name(of: announcement.url), default: []].append(
                    Farewell(announcement: announcement, torrent: torrent, infoHash: infoHash))
            }
        }
        await withDiscardingTaskGroup { group in
            for lane in farewells.values { group.addTask { await self.send(lane) } }
        }
        // What was under way for a torrent that no tracker knows.
        for torrent in torrents.values { await torrent.value.task?.value }
    }

    /// Sends what goes to one tracker.
    private func send(_ farewells: [Farewell]) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, farewell) in farewells.enumerated() {
                if index >= self.configuration.concurrencyPerTracker { await group.next() }
                guard !Task.isCancelled else { break }
                group.addTask { await self.send(farewell) }
            }
        }
    }

    /// The announce under way is over first, so that no `started` overtakes the `stopped`.
    private func send(_ farewell: Farewell) async {
        await farewell.torrent.task?.value
        let announcement = farewell.announcement
        let request = await self.request(announcement, farewell.torrent, farewell.infoHash)
        do throws(TrackerError) {
            _ = try await self.client.announce(
                request, to: announcement.url, timeout: self.configuration.stopTimeout)
        } catch {
            self.logger.debug(
                "tracker was not told of the end", metadata: Self.metadata(announcement, farewell.infoHash, error))
        }
    }
}
