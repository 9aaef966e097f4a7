// SPDX-License-Identifier: Apache-2.0

import Deflate
import NIOCore
import PeerSession
import PeerWire
import PieceStore
import SwarmModel

extension TorrentLoop {
    /// Blocks whose headers share one allocation.
    private static let blocksPerBatch = 32
    /// Bytes of blocks after which it is looked whether the channel still takes some.
    private static let bytesPerBatch = 512 << 10
    private static let allocator = ByteBufferAllocator()

    /// Sends queued blocks while the channel takes them and their bytes are at hand.
    func serve(_ connection: PeerConnection) {
        guard !connection.isClosed else { return }
        connection.awaitsBlocks = false
        // Nothing is measured, and no clock read, for who asks for nothing or while the data is known not to shrink.
        let mayCompress =
            connection.session.uploadQueueCount > 0 && !self.compression.isResting
            && connection.session.remoteDeflateID != nil
        if mayCompress { self.judge(connection, at: self.now) } else { connection.compresses = false }
        while connection.session.uploadQueueCount > 0, connection.link.isWritable, !connection.awaitsBlocks {
            guard self.uploadPace.isCapped else {
                _ = self.sendBatch(to: connection, limit: .max)
                continue
            }
            guard self.serveTurn(connection) else { break }
        }
        if mayCompress, !connection.link.isWritable { self.noteBlocked(connection, at: self.now) }
    }

    /// Sends what the caps let through now, a few blocks at most; whether any went.
    func serveTurn(_ connection: PeerConnection) -> Bool {
        let allowed = self.pacedUpload(to: connection, at: self.now)
        guard allowed > 0 else { return false }
        let sent = self.sendBatch(to: connection, limit: allowed)
        self.uploadPace.giveBack(allowed - sent)
        return sent > 0
    }

    /// The channel takes bytes again.
    func becameWritable(_ connection: PeerConnection) {
        self.serve(connection)
        self.flush(connection)
    }

    /// Sends up to a batch of blocks of up to `limit` bytes; stops early at one that has to be read or compressed first.
    /// Returns the bytes that went, as they are on the wire.
    private func sendBatch(to connection: PeerConnection, limit: Int) -> Int {
        if connection.compresses { self.compressAhead(for: connection) }
        self.outgoing.removeAll(keepingCapacity: true)
        let most = min(limit, Self.bytesPerBatch)
        var bytes = 0
        while self.outgoing.count < Self.blocksPerBatch, bytes < most, !connection.awaitsBlocks,
            let block = connection.session.peekUpload(), Int(block.length) <= limit - bytes
        {
            guard let next = self.next(block, for: connection) else { continue }
            _ = connection.session.popUpload()
            connection.awaitsCompressionSince = nil
            connection.session.blockSent(block)
            bytes += next.bytes.readableBytes
            self.outgoing.append(next)
        }
        self.writeOutput(of: connection)
        self.writeBlocks(to: connection)
        return bytes
    }

    /// The next block as it is to be sent; nil when it has to be waited for, as the connection then says, or was refused.
    private func next(_ block: BlockRange, for connection: PeerConnection) -> OutgoingBlock? {
        switch self.form(of: block, for: connection) {
        case .compressed(let stream): return OutgoingBlock(block: block, bytes: stream, isCompressed: true)
        case .later:
            connection.awaitsBlocks = true
            return nil
        case .plain: break
        }
        switch self.readCache.block(block) {
        case .bytes(let slice): return OutgoingBlock(block: block, bytes: slice, isCompressed: false)
        case .reading:
            connection.awaitsBlocks = true
        case .outOfRange:
            _ = connection.session.popUpload()
            connection.session.reject(block)
        }
        return nil
    }

    private func writeBlocks(to connection: PeerConnection) {
        guard !self.outgoing.isEmpty else { return }
        var heads = Self.allocator.buffer(capacity: self.outgoing.count * MessageWriter.compressedHeaderLength)
        let deflateID = connection.session.remoteDeflateID ?? 0
        for block in self.outgoing { heads.writeHead(of: block, deflateID: deflateID) }
        for block in self.outgoing {
            guard let head = heads.readSlice(length: block.headLength) else { break }
            self.count(block, on: connection)
            connection.link.write(head)
            connection.link.write(block.bytes)
        }
        self.outgoing.removeAll(keepingCapacity: true)
    }

    private func count(_ block: OutgoingBlock, on connection: PeerConnection) {
        let raw = Int(block.block.length)
        let wire = block.bytes.readableBytes
        self.uploadMeter.add(raw)
        self.compression.uploaded(raw)
        connection.gauge.add(wire)
        self.traffic.sent += UInt64(raw)
        self.traffic.sentWire += UInt64(wire)
        guard block.isCompressed else { return }
        self.traffic.blocksSent += 1
        if self.compressed.noteSend(of: block.block) { self.traffic.blocksReused += 1 }
    }

    /// A read that somebody waited for is done, or has failed: then what was asked of it is refused.
    func finishedReading(_ run: BlockRange, _ error: StorageError?) {
        for connection in self.peers {
            guard let connection, connection.awaitsBlocks else { continue }
            if error != nil, let block = connection.session.peekUpload(), run.covers(block) {
                _ = connection.session.popUpload()
                connection.session.reject(block)
            }
            self.serve(connection)
            self.flush(connection)
        }
        if let error { self.readFailed(error) }
    }

    private func readFailed(_ error: StorageError) {
        guard self.problem == nil else { return }
        self.problem = "\(error)"
        self.observer.torrent(self.infoHash, suspendedBy: error)
        self.publish(at: self.now)
    }

    /// Writes what the session has to say and flushes once if there is anything to flush.
    func flush(_ connection: PeerConnection) {
        guard !connection.isClosed else { return }
        self.writeOutput(of: connection)
        connection.link.flush()
    }

    /// While the link takes no writes the session keeps its output, where `PeerConnection.mayRead` sees it.
    private func writeOutput(of connection: PeerConnection) {
        guard connection.session.hasOutput, connection.link.isWritable else { return }
        var buffer = Self.allocator.buffer(capacity: connection.session.output.count)
        buffer.writeBytes(connection.session.output)
        connection.session.clearOutput()
        connection.link.write(buffer)
    }
}

extension BlockRange {
    fileprivate func covers(_ other: BlockRange) -> Bool {
        self.piece == other.piece && other.begin >= self.begin && other.end <= self.end
    }
}
