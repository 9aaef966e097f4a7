// SPDX-License-Identifier: Apache-2.0

import ControlWire
import PeerNetwork
import StateStore
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// More than any machine moves: a larger number is a slip.
    private static let mostRate = 1 << 50

    /// Gives one torrent limits of its own, over restarts too; those that are nil stay as they are.
    func limit(_ params: TorrentLimit.Params) async throws(ControlError) -> TorrentLimits {
        let entry = try self.entry(params.id)
        for (name, rate) in [("down", params.down), ("up", params.up)] {
            guard let rate, !(0...Self.mostRate).contains(rate) else { continue }
            throw ControlError(
                .invalidParams, "\(name) is a number of bytes a second from 0, which is no limit, to \(Self.mostRate)")
        }
        let before = entry.record.caps
        entry.record.caps = TransferCaps(
            download: params.down ?? before.download, upload: params.up ?? before.upload)
        let caps = entry.record.caps
        if caps != before {
            entry.handle?.change(caps: caps)
            await self.save(entry, .downloadCap(caps.download), .uploadCap(caps.upload))
        }
        return TorrentLimits(
            infoHash: entry.infoHash, name: entry.outline.name, down: caps.download, up: caps.upload)
    }
}
