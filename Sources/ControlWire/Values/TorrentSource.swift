// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Where a torrent comes from. On the wire it is exactly one of the fields `metainfo`, `magnet`, `url`, `info_hash`.
package enum TorrentSource: ControlObject {
    /// The bytes of a .torrent file.
    case metainfo(Base64Bytes)
    /// A magnet link (BEP 9).
    case magnet(String)
    /// An http or https address of a .torrent file, which the daemon fetches.
    case url(String)
    /// Nothing but the info-hash; the metadata come from the catalogue or from peers.
    case infoHash(InfoHash)

    /// The fields, one of which is there.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case metainfo
        case magnet
        case url
        case infoHash = "info_hash"
    }

    /// Reads the one field that is there; two of them, or none, are an error.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let present = CodingKeys.allCases.filter(container.contains)
        guard let key = present.first, present.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "needs exactly one of metainfo, magnet, url, info_hash"))
        }
        switch key {
        case .metainfo: self = .metainfo(try container.decode(Base64Bytes.self, forKey: key))
        case .magnet: self = .magnet(try container.decode(String.self, forKey: key))
        case .url: self = .url(try container.decode(String.self, forKey: key))
        case .infoHash: self = .infoHash(try container.decode(InfoHash.self, forKey: key))
        }
    }

    /// Writes the one field.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .metainfo(let bytes): try container.encode(bytes, forKey: .metainfo)
        case .magnet(let link): try container.encode(link, forKey: .magnet)
        case .url(let address): try container.encode(address, forKey: .url)
        case .infoHash(let hash): try container.encode(hash, forKey: .infoHash)
        }
    }
}
