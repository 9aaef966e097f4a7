// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Makes a torrent's strategies whenever it needs them: they are there while it has peers, and an idle torrent does without.
/// Shared by all torrents for which the same decides; called on any of their loops.
package protocol StrategyMaker: AnyObject, Sendable {
    /// Name of the picker that is made, for people.
    var pickerName: String { get }
    /// Name of the choker that is made, for people.
    var chokerName: String { get }

    /// A new picker for one torrent. Equal seeds pick alike.
    func makePicker(for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker
    /// A new choker for one torrent. Equal seeds choose alike.
    func makeChoker(for geometry: TorrentGeometry, seed: UInt64) -> any Choker
}
