// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Something that happened, as it is kept for those who ask later.
package struct StoredEvent: Hashable, Sendable {
    /// Its place among all events: grows over restarts too.
    package let sequence: Int64
    /// Its kind.
    package let kind: String
    /// The torrent that it is about.
    package let infoHash: InfoHash?
    /// What is sent of it.
    package let text: [UInt8]

    /// Takes the parts as they are.
    package init(sequence: Int64, kind: String, infoHash: InfoHash?, text: [UInt8]) {
        self.sequence = sequence
        self.kind = kind
        self.infoHash = infoHash
        self.text = text
    }
}
