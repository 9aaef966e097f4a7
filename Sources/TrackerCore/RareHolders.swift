// SPDX-License-Identifier: Apache-2.0

/// For pieces that few have, who: so that nobody has to look through all peers for the one that has it. A list is kept
/// from the first holder on and given up beyond `most`; one that was given up is made anew when it is asked for. Its
/// memory is its owner's to free.
struct RareHolders: BitwiseCopyable {
    private struct Link: BitwiseCopyable {
        var slot: UInt32
        /// A link's number plus one; 0 at the end.
        var next: UInt32
    }

    /// Holders that a list has at most.
    static let most: UInt32 = 16
    /// So many free links are left alone.
    private static let leastFree = 64
    private static let notKept = UInt32.max

    private let heads: UnsafeMutablePointer<UInt32>
    private let pieceCount: Int
    private var links = RecordArray<Link>()
    private var freeLink: UInt32 = 0
    private var freeLinks = 0

    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        self.heads = .allocate(capacity: max(pieceCount, 1))
        self.heads.initialize(repeating: 0, count: pieceCount)
    }

    var byteCount: Int { self.pieceCount * 4 + self.links.count * MemoryLayout<Link>.size }

    mutating func free() {
        self.heads.deallocate()
        self.links.free()
    }

    func isKept(_ piece: Int) -> Bool { self.heads[piece] != Self.notKept }

    /// `slot` has got the piece, which now has `count` holders.
    mutating func gain(_ piece: Int, _ slot: Int, count: UInt32) {
        guard self.isKept(piece) else { return }
        if count > Self.most {
            self.giveUp(piece)
        } else {
            self.push(piece, slot)
        }
    }

    /// `slot` has the piece no more.
    mutating func lose(_ piece: Int, _ slot: Int) {
        guard self.isKept(piece) else { return }
        var previous: UInt32 = 0
        var link = self.heads[piece]
        while link != 0 {
            let next = self.links[Int(link) - 1].next
            if self.links[Int(link) - 1].slot == UInt32(slot) {
                if previous == 0 {
                    self.heads[piece] = next
                } else {
                    self.links.change(Int(previous) - 1) { $0.next = next }
                }
                self.release(link)
                return
            }
            previous = link
            link = next
        }
    }

    /// Makes a list anew: `push` is called by `body` for each holder.
    mutating func rebuild(_ piece: Int, _ body: ((Int) -> Void) -> Void) {
        var copy = self
        copy.heads[piece] = 0
        body { copy.push(piece, $0) }
        self = copy
    }

    func forEach(_ piece: Int, _ body: (Int) -> Void) {
        guard self.isKept(piece) else { return }
        var link = self.heads[piece]
        while link != 0 {
            let entry = self.links[Int(link) - 1]
            body(Int(entry.slot))
            link = entry.next
        }
    }

    private mutating func push(_ piece: Int, _ slot: Int) {
        let entry = Link(slot: UInt32(slot), next: self.heads[piece])
        if self.freeLink != 0 {
            let link = self.freeLink
            self.freeLink = self.links[Int(link) - 1].next
            self.freeLinks -= 1
            self.links[Int(link) - 1] = entry
            self.heads[piece] = link
        } else {
            self.links.append(entry)
            self.heads[piece] = UInt32(self.links.count)
        }
    }

    private mutating func giveUp(_ piece: Int) {
        var link = self.heads[piece]
        while link != 0 {
            let next = self.links[Int(link) - 1].next
            self.release(link)
            link = next
        }
        self.heads[piece] = Self.notKept
    }

    private mutating func release(_ link: UInt32) {
        let next = self.freeLink
        self.links.change(Int(link) - 1) { $0.next = next }
        self.freeLink = link
        self.freeLinks += 1
    }

    /// Gives back the memory of links that are free, where they are the most and worth a look at every piece.
    mutating func shrink() {
        let used = self.links.count - self.freeLinks
        guard self.freeLinks > max(used, self.pieceCount / 8, Self.leastFree) else { return }
        var links = RecordArray<Link>()
        for piece in 0..<self.pieceCount where self.heads[piece] != 0 && self.isKept(piece) {
            var link = self.heads[piece]
            self.heads[piece] = UInt32(links.count) + 1
            while link != 0 {
                var entry = self.links[Int(link) - 1]
                link = entry.next
                if link != 0 { entry.next = UInt32(links.count) + 2 }
                links.append(entry)
            }
        }
        self.links.free()
        self.links = links
        self.freeLink = 0
        self.freeLinks = 0
    }
}
