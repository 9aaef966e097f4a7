// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The info-hash by which a torrent of the catalogue is named: the twenty bytes of announces, or all of a v2 one.
enum CatalogueKey: Hashable, Sendable {
    case short(InfoHash)
    case v2(InfoHashV2)

    init?(_ text: Substring) {
        if let hash = InfoHash(hex: text) {
            self = .short(hash)
        } else if let hash = InfoHashV2(hex: text) {
            self = .v2(hash)
        } else {
            return nil
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .short(let hash): hash.bytes
        case .v2(let hash): hash.bytes
        }
    }
}
