// SPDX-License-Identifier: Apache-2.0

/// Tells which pieces are there, on their way, and how rare each is.
package enum TorrentPieces: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.pieces"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package struct Result: ControlObject {
        /// How many pieces there are; 0 while the metadata are missing.
        package var pieceCount: Int
        /// Bytes in a piece; the last may be shorter.
        package var pieceLength: Int
        /// One bit a piece, the first is the highest bit of the first byte (BEP 3).
        package var have: Base64Bytes
        /// Pieces that are being fetched.
        package var inFlight: [Int]
        /// One byte a piece: connected peers that have it, 255 for more; empty when unknown.
        package var availability: Base64Bytes

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case pieceCount = "piece_count"
            case pieceLength = "piece_length"
            case have
            case inFlight = "in_flight"
            case availability
        }

        /// Takes the fields as they are.
        package init(pieceCount: Int, pieceLength: Int, have: Base64Bytes, inFlight: [Int], availability: Base64Bytes) {
            self.pieceCount = pieceCount
            self.pieceLength = pieceLength
            self.have = have
            self.inFlight = inFlight
            self.availability = availability
        }
    }
}
