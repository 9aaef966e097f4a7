// SPDX-License-Identifier: Apache-2.0

/// The parameters of every method that is about one torrent and needs nothing else.
package struct SelectorParams: ControlObject {
    /// The torrent: an info-hash prefix of at least 4 digits, or its name.
    package var id: TorrentSelector

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case id
    }

    /// Takes the fields as they are.
    package init(id: TorrentSelector) {
        self.id = id
    }
}
