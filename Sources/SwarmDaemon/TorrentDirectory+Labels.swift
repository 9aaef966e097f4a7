// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import StateStore
import SwarmEvents

extension TorrentDirectory {
    /// Marks a torrent with labels, and takes others away, over restarts too.
    func label(_ params: TorrentLabel.Params) async throws(ControlError) -> TorrentLabels {
        let entry = try self.entry(params.id)
        var labels = LabelSet(stored: entry.record.labels)
        try labels.change(adding: params.add, removing: params.remove)
        if labels.labels != entry.record.labels {
            entry.record.labels = labels.labels
            await self.save(entry, .labels(labels.labels))
            let words = labels.labels.isEmpty ? "none" : labels.labels.joined(separator: ", ")
            self.logger.event(
                .torrentLabelled, "the labels of \(entry.outline.name) are \(words)", entry.logFields)
        }
        return TorrentLabels(infoHash: entry.infoHash, name: entry.outline.name, labels: entry.record.labels)
    }
}
