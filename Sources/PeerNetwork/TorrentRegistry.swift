// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import SwarmModel

/// Which torrents take inbound connections now. Read once a connection, by whichever loop accepted it.
final class TorrentRegistry: Sendable {
    private let handles = NIOLockedValueBox<[InfoHash: TorrentHandle]>([:])

    func insert(_ handle: TorrentHandle) {
        self.handles.withLockedValue { $0[handle.infoHash] = handle }
    }

    /// Takes a torrent out, unless another of the same name has taken its place.
    func remove(_ handle: TorrentHandle) {
        self.handles.withLockedValue { handles in
            if handles[handle.infoHash] === handle { handles[handle.infoHash] = nil }
        }
    }

    subscript(infoHash: InfoHash) -> TorrentHandle? {
        self.handles.withLockedValue { $0[infoHash] }
    }
}
