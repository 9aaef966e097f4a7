// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Something that the caller may have meant, offered with an error.
package struct ControlCandidate: ControlObject, Hashable {
    /// The torrent, when it is one.
    package let infoHash: InfoHash?
    /// The name of the torrent, or the word that would have been right.
    package let name: String

    /// The fields of a candidate.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
    }

    /// Takes the parts as they are.
    package init(infoHash: InfoHash? = nil, name: String) {
        self.infoHash = infoHash
        self.name = name
    }
}
