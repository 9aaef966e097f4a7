// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Which entry each piece under way has. A hash table of eight bytes a place, at most half of them taken, whose size goes
/// by the pieces under way: that every block asks it costs a look at memory that is in a cache, however large the torrent.
struct EntryMap {
    private struct Place: BitwiseCopyable {
        var piece: UInt32 = 0
        var entry: Int32 = -1
    }

    private static let leastPlaces = 128

    /// None before the first piece, then a power of two of them. A piece lies in the first one that was free from its own
    /// on.
    private var places: [Place] = []
    private(set) var count = 0

    subscript(piece: PieceIndex) -> Int? {
        guard self.count > 0 else { return nil }
        let mask = self.places.count - 1
        var index = self.home(of: piece.rawValue)
        while self.places[index].entry >= 0 {
            if self.places[index].piece == piece.rawValue { return Int(self.places[index].entry) }
            index = (index + 1) & mask
        }
        return nil
    }

    /// Takes in a piece that is not in it.
    mutating func insert(_ piece: PieceIndex, _ entry: Int) {
        if (self.count + 1) * 2 > self.places.count { self.grow() }
        self.put(Place(piece: piece.rawValue, entry: Int32(entry)))
        self.count += 1
    }

    /// Takes out a piece that is in it. Those behind it that lay there because their own places were taken move up.
    mutating func remove(_ piece: PieceIndex) {
        let mask = self.places.count - 1
        var hole = self.home(of: piece.rawValue)
        while self.places[hole].piece != piece.rawValue || self.places[hole].entry < 0 { hole = (hole + 1) & mask }
        var next = (hole + 1) & mask
        while self.places[next].entry >= 0 {
            let distance = (next - self.home(of: self.places[next].piece)) & mask
            if distance >= (next - hole) & mask {
                self.places[hole] = self.places[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        self.places[hole] = Place()
        self.count -= 1
    }

    private mutating func put(_ place: Place) {
        let mask = self.places.count - 1
        var index = self.home(of: place.piece)
        while self.places[index].entry >= 0 { index = (index + 1) & mask }
        self.places[index] = place
    }

    private mutating func grow() {
        let old = self.places
        self.places = Array(repeating: Place(), count: max(Self.leastPlaces, old.count * 2))
        for place in old where place.entry >= 0 { self.put(place) }
    }

    /// By the golden section, which spreads neighbours (Knuth, The Art of Computer Programming 3, 6.4).
    private func home(of piece: UInt32) -> Int {
        Int(piece &* 0x9e37_79b1) >> (32 - self.places.count.trailingZeroBitCount)
    }
}
