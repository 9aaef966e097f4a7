// SPDX-License-Identifier: Apache-2.0

/// The torrents of a table, without gaps, in blocks that stay where they are: growing moves nothing and never needs the
/// memory twice, and no more than a block and a half lies idle. A copy is another name for the same memory, which is the
/// owner's to free.
struct TorrentArray: BitwiseCopyable {
    private static let blockBits = 10
    private static let blockLength = 1 << Self.blockBits

    private var blocks = RecordArray<UnsafeMutablePointer<TorrentEntry>>()
    private(set) var count = 0

    init() {}

    /// The torrent at a position: another name for what lies there.
    subscript(position: Int) -> TrackedTorrent {
        precondition(position >= 0 && position < self.count, "no such torrent")
        return TrackedTorrent(
            self.blocks[position >> Self.blockBits] + (position & (Self.blockLength - 1)))
    }

    mutating func append(_ entry: TorrentEntry) {
        if self.count == self.blocks.count << Self.blockBits {
            precondition(
                TorrentEntry.roomOffset + TorrentEntry.ownRoom * MemoryLayout<PeerRecord<PeerAddressV4>>.stride
                    == MemoryLayout<TorrentEntry>.stride, "an entry has room for its peers")
            let bytes = MemoryLayout<TorrentEntry>.stride * Self.blockLength
            let space = UnsafeMutableRawPointer.allocate(
                byteCount: bytes, alignment: MemoryLayout<TorrentEntry>.stride)
            self.blocks.append(space.bindMemory(to: TorrentEntry.self, capacity: Self.blockLength))
        }
        self.count += 1
        self[self.count - 1].overwrite(with: entry)
    }

    /// What stands at `old` stands at `new` too from now on; it is to be removed from one of them.
    func copy(from old: Int, to new: Int) { self[new].overwrite(with: self[old].bytes) }

    /// Takes away the last one, whose memory has been given back. One block in reserve stays.
    mutating func removeLast() {
        precondition(self.count > 0, "there is no torrent left")
        self.count -= 1
        while self.blocks.count << Self.blockBits >= self.count + 2 * Self.blockLength { self.freeLastBlock() }
        if self.count == 0 { self.free() }
    }

    mutating func free() {
        while self.blocks.count > 0 { self.freeLastBlock() }
        self.count = 0
    }

    private mutating func freeLastBlock() {
        UnsafeMutableRawPointer(self.blocks[self.blocks.count - 1]).deallocate()
        self.blocks.removeLast()
    }
}
