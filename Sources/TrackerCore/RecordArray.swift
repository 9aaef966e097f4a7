// SPDX-License-Identifier: Apache-2.0

/// A dense array of plain records: sixteen bytes and what `malloc` gives, where a Swift array has a header of
/// thirty-two and counts its references. Most torrents have one or two peers, so that is what a tracker's memory
/// consists of. A copy is another name for the same memory, which is the owner's to free.
struct RecordArray<Record: BitwiseCopyable>: BitwiseCopyable {
    private(set) var base: UnsafeMutablePointer<Record>?
    private var used: UInt32 = 0
    private(set) var room: UInt32 = 0
    /// The memory is somebody else's, who keeps it when it is outgrown.
    private(set) var isLent = false

    init() {}

    /// Records that lie at `base`, with room for more.
    init(_ base: UnsafeMutablePointer<Record>?, used: UInt32, room: UInt32, isLent: Bool) {
        self.base = base
        self.used = used
        self.room = room
        self.isLent = isLent
    }

    var count: Int { Int(self.used) }

    subscript(slot: Int) -> Record {
        get {
            guard let base = self.base, slot >= 0, slot < self.count else { preconditionFailure("no such record") }
            return base[slot]
        }
        nonmutating set {
            guard let base = self.base, slot >= 0, slot < self.count else { preconditionFailure("no such record") }
            base[slot] = newValue
        }
    }

    /// Changes a record where it lies.
    func change(_ slot: Int, _ body: (inout Record) -> Void) {
        guard let base = self.base, slot >= 0, slot < self.count else { preconditionFailure("no such record") }
        body(&base[slot])
    }

    @inline(__always)
    func firstIndex(where matches: (Record) -> Bool) -> Int? {
        guard let base = self.base else { return nil }
        for slot in 0..<self.count where matches(base[slot]) { return slot }
        return nil
    }

    mutating func append(_ record: Record) {
        if self.used == self.room { self.grow() }
        guard let base = self.base else { preconditionFailure("there is room") }
        (base + self.count).initialize(to: record)
        self.used += 1
    }

    mutating func removeLast() {
        precondition(self.used > 0, "there is no record left")
        self.used -= 1
        if self.used == 0 { self.free() }
    }

    mutating func free() {
        if !self.isLent { self.base?.deallocate() }
        self = Self()
    }

    /// Moves into memory of its own.
    mutating func own() {
        guard self.isLent else { return }
        if self.used == 0 { self.free() } else { self.resize(to: self.used) }
    }

    /// Gives memory back where most of it is not used.
    mutating func shrink() {
        guard self.room > 64, self.used < self.room / 4 else { return }
        self.resize(to: self.used + self.used / 4 + 1)
    }

    /// One at a time at first, then by a quarter.
    private mutating func grow() {
        precondition(self.room < UInt32.max / 2, "more records than slots can be numbered")
        self.resize(to: self.room + (self.room < 4 ? 1 : self.room < 16 ? 4 : self.room / 4))
    }

    private mutating func resize(to room: UInt32) {
        let base = UnsafeMutablePointer<Record>.allocate(capacity: Int(room))
        if let old = self.base {
            base.initialize(from: old, count: self.count)
            if !self.isLent { old.deallocate() }
        }
        self.base = base
        self.room = room
        self.isLent = false
    }
}
