// SPDX-License-Identifier: Apache-2.0

import Metainfo
import PeerNetwork
import StateStore
import SwarmModel

/// Hybrids that were added twice, by links that said nothing of each other: one by its v1 name, one by its v2 name. The
/// metadata show that they are one (BEP 52). Then the one that has them first is the torrent; of the other there is nothing
/// yet but its link, and it is suspended. Nobody else is to choose which ID a script goes on with.
extension TorrentDirectory {
    /// Whether metadata that came for a link are those of a torrent which is here by its other name; then the link is
    /// suspended. Otherwise the torrent has all its names to itself from now on.
    func isSpare(_ entry: TorrentEntry, with metainfo: Metainfo) async -> Bool {
        if let twin = self.twin(of: entry, metainfo.infoHashes),
            twin.outline.isKnown || twin.names.contains(entry.infoHash)
        {
            await self.spare(entry, for: twin)
            return true
        }
        self.note(v1: metainfo.infoHashV1, v2: metainfo.infoHashV2, of: entry)
        return false
    }

    /// The same, as far as it is known without metadata: because they came to the other torrent.
    func isKnownSpare(_ entry: TorrentEntry) async -> Bool {
        guard let twin = self.otherNames[entry.infoHash].flatMap({ self.entries[$0] }), twin !== entry, !twin.isRemoved,
            twin.outline.isKnown
        else {
            entry.isSpare = false
            return false
        }
        await self.spare(entry, for: twin)
        return true
    }

    /// The metadata of a torrent are here: a link that waits for them by its other name waits in vain.
    func spareTwin(of entry: TorrentEntry, _ names: [InfoHash]) {
        guard let twin = self.twin(of: entry, names), !twin.outline.isKnown else { return }
        self.enqueue(twin) { directory, twin in
            // One that is paused is told when it is resumed.
            guard !twin.outline.isKnown, !twin.isRemoved, !twin.record.isPaused else { return }
            _ = await directory.isKnownSpare(twin)
        }
    }

    private func twin(of entry: TorrentEntry, _ names: [InfoHash]) -> TorrentEntry? {
        names.lazy.compactMap { self.entries[$0] }.first { $0 !== entry && !$0.isRemoved }
    }

    private func spare(_ entry: TorrentEntry, for twin: TorrentEntry) async {
        entry.isSpare = true
        entry.lookup?.cancel()
        await self.stop(
            entry, because: TorrentTwin(name: twin.outline.name, kept: twin.infoHash, spare: entry.infoHash))
        // Who knows it by that name alone is found for the other from now on.
        guard let handle = twin.handle, !handle.isAwaitingMetadata else { return }
        await self.discover(twin, handle)
        await self.announce(twin, by: handle)
    }
}
