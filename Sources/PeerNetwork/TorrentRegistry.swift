// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import SwarmModel

/// Which torrents take inbound connections now. Read once a connection, by whichever loop accepted it.
final class TorrentRegistry: Sendable {
    private let handles = NIOLockedValueBox<[InfoHash: TorrentHandle]>([:])

    func insert(_ handle: TorrentHandle) {
        self.handles.withLockedValue { $0[handle.infoHash] = handle }
    }

    func remove(_ infoHash: InfoHash) {
        self.handles.withLockedValue { $0[infoHash] = nil }
    }

    subscript(infoHash: InfoHash) -> TorrentHandle? {
        self.handles.withLockedValue { $0[infoHash] }
    }
}
