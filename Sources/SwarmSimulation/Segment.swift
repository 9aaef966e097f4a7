// SPDX-License-Identifier: Apache-2.0

/// A run of a connection's byte stream that travels as one: real bytes of messages, and after them, if a PIECE message
/// ends them, its payload. Payload bytes are never looked at, so all segments share the same ones.
struct Segment {
    var bytes: [UInt8]
    /// Payload bytes that follow.
    var payload = 0
    /// Whether the payload is not what the torrent has there.
    var isFalse = false
    /// The sender says nothing more after this.
    var isEnd = false

    var length: Int { self.bytes.count + self.payload }
}
