// SPDX-License-Identifier: Apache-2.0

/// One block of an open piece, in eight bytes: what became of it, and who was asked. Whoever was asked stays on record
/// after it has come, because each of them may have written into the buffer.
struct BlockCell: BitwiseCopyable {
    enum Status: UInt8, BitwiseCopyable { case free, requested, received }

    /// Room for requesters.
    static let capacity = 3
    /// Nobody.
    static let none = UInt16.max
    /// Somebody who is no longer connected.
    static let gone = UInt16.max - 1

    var status = Status.free
    /// How many of the three below are filled.
    private(set) var askedCount: UInt8 = 0
    private var first = Self.none
    private var second = Self.none
    private var third = Self.none

    subscript(position: Int) -> UInt16 {
        get { position == 0 ? self.first : position == 1 ? self.second : self.third }
        set {
            if position == 0 {
                self.first = newValue
            } else if position == 1 {
                self.second = newValue
            } else {
                self.third = newValue
            }
        }
    }

    /// Whether `slot` is on record.
    func isAsked(of slot: UInt16) -> Bool { self.first == slot || self.second == slot || self.third == slot }

    /// Puts `slot` on record; false when there is no room.
    mutating func ask(_ slot: UInt16) -> Bool {
        guard self.askedCount < Self.capacity else { return false }
        self[Int(self.askedCount)] = slot
        self.askedCount += 1
        return true
    }

    /// Takes `slot` off the record; false when it is not there.
    mutating func unask(_ slot: UInt16) -> Bool {
        guard self.isAsked(of: slot) else { return false }
        if self.first == slot {
            self.first = self.second
        } else if self.second != slot {
            self.third = Self.none
            self.askedCount -= 1
            return true
        }
        self.second = self.third
        self.third = Self.none
        self.askedCount -= 1
        return true
    }

    /// Keeps on record that `slot` had a hand in it, but no longer who that was.
    mutating func forget(_ slot: UInt16) {
        if self.first == slot { self.first = Self.gone }
        if self.second == slot { self.second = Self.gone }
        if self.third == slot { self.third = Self.gone }
    }
}
