// SPDX-License-Identifier: Apache-2.0

/// Peers that say that a torrent has another number of pieces than its map. A tracker does not know the number itself: it
/// believes the first that reports, until more peers contradict than agree.
struct PieceCountRivals {
    /// Remembered at most. Beyond so many reporters a map stays as it is.
    static let most = 16

    private var claims: [(identity: UInt32, pieceCount: UInt32)] = []

    init() {}

    /// Takes in a claim; returns how many different peers make the same.
    mutating func note(_ identity: UInt32, _ pieceCount: UInt32) -> Int {
        self.claims.removeAll { $0.identity == identity }
        if self.claims.count == Self.most { self.claims.removeFirst() }
        self.claims.append((identity, pieceCount))
        return self.claims.count { $0.pieceCount == pieceCount }
    }
}
