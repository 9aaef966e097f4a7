// SPDX-License-Identifier: Apache-2.0

package import ControlWire
package import SwarmModel

/// What the live view was told at one moment.
package struct WatchLook: Sendable {
    /// The daemon as a whole.
    package var status: DaemonStatus.Result
    /// The torrents of the part of the list that was asked for.
    package var torrents: [TorrentSummary]
    /// Where that part begins.
    package var offset: Int
    /// How many torrents there are in all, among those that fit the filter.
    package var total: Int
    /// The one whose peers and pieces follow, when it was asked for.
    package var opened: InfoHash?
    /// Its peers.
    package var peers: [PeerStatus]
    /// Its pieces.
    package var pieces: TorrentPieces.Result?

    /// Takes the parts as they are.
    package init(
        status: DaemonStatus.Result, torrents: [TorrentSummary], offset: Int = 0, total: Int, opened: InfoHash? = nil,
        peers: [PeerStatus] = [], pieces: TorrentPieces.Result? = nil
    ) {
        self.status = status
        self.torrents = torrents
        self.offset = offset
        self.total = total
        self.opened = opened
        self.peers = peers
        self.pieces = pieces
    }
}
