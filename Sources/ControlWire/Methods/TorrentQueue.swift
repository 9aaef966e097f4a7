// SPDX-License-Identifier: Apache-2.0

/// Gives a torrent another place in the queue, at once and over restarts.
package enum TorrentQueue: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.queue"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// Where it goes.
        package var step: QueueStep

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case step
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector, step: QueueStep) {
            self.id = id
            self.step = step
        }
    }

    /// What comes out.
    package typealias Result = TorrentReference
}
