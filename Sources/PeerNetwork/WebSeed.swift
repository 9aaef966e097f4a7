// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel

/// A web server that has the torrent, as the loop sees it: a holder of all pieces that is asked for runs of blocks, one run at a
/// time. Confined to the torrent's loop.
final class WebSeed {
    let url: String
    /// Its number in `Swarm`, while it takes part.
    var slot: Int?
    var standing = WebSeedStanding()
    var meter: RateMeter
    /// What is fetched at the moment.
    var task: RangeTask?
    /// When something came last, or was asked for.
    var lastByteAt: Instant
    /// It waits for its turn under a cap.
    var isHeld = false
    /// Bytes that were taken from the caps and have not come.
    var granted = 0
    /// Blocks that it is to give, in order; those before `next` are here.
    private(set) var blocks: [BlockRange] = []
    private(set) var next = 0
    /// Bytes of the next block that are here.
    private(set) var received = 0
    /// What is left of the run that is being fetched, file by file.
    var spans: [WebSeedFiles.Span] = []

    init(url: String, at now: Instant) {
        self.url = url
        self.meter = RateMeter(at: now)
        self.lastByteAt = now
    }

    /// The block that comes next; nil when everything is here.
    var block: BlockRange? { self.next < self.blocks.count ? self.blocks[self.next] : nil }

    /// Blocks that have not come yet.
    var outstanding: Int { self.blocks.count - self.next }

    /// Takes other blocks in the place of those that have come.
    func take(_ blocks: [BlockRange]) {
        self.blocks.removeAll(keepingCapacity: true)
        self.blocks.append(contentsOf: blocks)
        self.next = 0
        self.received = 0
    }

    /// Forgets what it was asked for.
    func forgetBlocks() {
        self.task?.cancel()
        self.task = nil
        self.take([])
        self.spans = []
    }

    /// Bytes of the next block have come; returns the block when that is all of it.
    func advance(by count: Int) -> BlockRange? {
        guard let block = self.block else { return nil }
        self.received += count
        guard self.received >= Int(block.length) else { return nil }
        self.received = 0
        self.next += 1
        return block
    }

    /// The bytes of the payload that lie together from the next block on.
    func run(in geometry: TorrentGeometry) -> Range<UInt64>? {
        guard let block = self.block else { return nil }
        let start = geometry.offset(of: block.piece) + UInt64(block.begin)
        var end = start
        for block in self.blocks[self.next...] {
            guard geometry.offset(of: block.piece) + UInt64(block.begin) == end else { break }
            end += UInt64(block.length)
        }
        return start..<end
    }

    func status(at now: Instant) -> WebServerStatus {
        let phase: WebServerStatus.Phase =
            self.standing.dropReason != nil
            ? .dropped : !self.standing.isReady(at: now) ? .waiting : self.outstanding > 0 ? .active : .idle
        return WebServerStatus(
            url: self.url, phase: phase, downloadRate: self.meter.bytesPerSecond(at: now),
            downloaded: self.meter.total, requests: self.outstanding, problem: self.standing.problem,
            pause: self.standing.readyAt.flatMap { $0 > now ? $0 - now : nil })
    }
}
