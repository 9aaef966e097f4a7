// SPDX-License-Identifier: Apache-2.0

import Deflate
import NIOCore
import PeerSession
import PeerWire
import PieceStore
import SwarmModel
import Swarming

/// Blocks that come compressed.
extension TorrentLoop {
    /// Inflates an answer straight into its piece's buffer, or drops it when nothing of it is wanted there any more. A stream
    /// that is anything but the range ends the connection.
    func inflate(
        _ range: BlockRange, at offset: UInt32, count: UInt32, from connection: PeerConnection, at now: Instant
    ) {
        connection.sendsCompressed = true
        self.downloadMeter.add(Int(range.length))
        self.traffic.received += UInt64(range.length)
        self.traffic.receivedWire += UInt64(count)
        guard let slot = connection.slot, let target = self.target(of: range, from: slot) else {
            self.wasted += UInt64(count)
            return
        }
        let start = Int(offset)
        let error = connection.session.extensionBytes.withUnsafeBytes { bytes in
            self.inflate(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(count)]), range, target, slot)
        }
        guard let error else { return }
        self.punish(connection, for: connection.session.inflateFailed(error), at: now)
    }

    /// The buffer that takes some of a range, and whether it takes all of it; nil when none of it is wanted.
    private func target(of range: BlockRange, from slot: Int) -> (buffer: PieceBuffer, isWhole: Bool)? {
        var isWhole = true
        var found: PieceBuffer?
        self.forEachBlock(of: range) { block in
            switch self.swarm.place(of: block, from: slot, isFirst: true) {
            case .buffer(let entry): found = entry < self.buffers.count ? self.buffers[entry] ?? found : found
            case .aside(let entry):
                isWhole = false
                found = entry < self.buffers.count ? self.buffers[entry] ?? found : found
            case .nowhere: isWhole = false
            }
        }
        return found.map { ($0, isWhole) }
    }

    private func inflate(
        _ stream: UnsafeRawBufferPointer, _ range: BlockRange, _ target: (buffer: PieceBuffer, isWhole: Bool),
        _ slot: Int
    ) -> InflateError? {
        guard let inflater = self.inflater ?? BlockInflater() else { return .outOfMemory }
        self.inflater = inflater
        self.hasInflated = true
        let place = Int(range.begin)..<Int(range.end)
        if target.isWhole {
            let error = target.buffer.withUnsafeMutableBytes { memory in
                inflater.inflate(stream, into: UnsafeMutableRawBufferPointer(rebasing: memory[place]))
            }
            if error == nil { self.keep(range, stream) }
            return error
        }
        // Some of its blocks are here from others and must not be touched, or others are sending them.
        if self.inflateScratch.isEmpty { self.inflateScratch = Array(repeating: 0, count: Int(WireLimits.blockLength)) }
        return self.inflateScratch.withUnsafeMutableBytes { scratch in
            let room = UnsafeMutableRawBufferPointer(rebasing: scratch[..<place.count])
            if let error = inflater.inflate(stream, into: room) { return error }
            self.forEachBlock(of: range) { block in
                guard self.swarm.claim(block, for: slot) else { return }
                let begin = Int(block.begin - range.begin)
                let bytes = UnsafeRawBufferPointer(rebasing: room[begin..<begin + Int(block.length)])
                target.buffer.copy(from: bytes, at: Int(block.begin))
            }
            return nil
        }
    }

    /// Keeps what a peer compressed for others that will ask for it, so that it is not compressed again.
    private func keep(_ range: BlockRange, _ stream: UnsafeRawBufferPointer) {
        guard self.compressionTakers > 0, self.compression.mode != .never else { return }
        self.compressed.keep(range, ByteBuffer(bytes: stream))
    }

    private func forEachBlock(of range: BlockRange, _ body: (BlockRange) -> Void) {
        let first = Int(range.begin / TorrentGeometry.blockLength)
        let last = Int((range.end - 1) / UInt64(TorrentGeometry.blockLength))
        for index in first...last { body(self.geometry.block(index, of: range.piece)) }
    }
}
