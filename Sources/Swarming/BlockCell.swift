// SPDX-License-Identifier: Apache-2.0

/// One block of an open piece, in ten bytes: what became of it, who was asked, and whose bytes go into the buffer. Once it has
/// come whoever sent it is alone on record.
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
    /// Whose bytes go into the piece's buffer: whoever began to send it first. What others send at the same time is kept aside
    /// until one of them is through.
    var writer = Self.none

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

    /// It has come from `slot`.
    mutating func receive(from slot: UInt16) {
        self = BlockCell()
        self.status = .received
        self.first = slot
        self.askedCount = 1
    }

    /// Keeps on record that `slot` had a hand in it, but no longer who that was.
    mutating func forget(_ slot: UInt16) {
        if self.first == slot { self.first = Self.gone }
        if self.second == slot { self.second = Self.gone }
        if self.third == slot { self.third = Self.gone }
        if self.writer == slot { self.writer = Self.none }
    }
}
