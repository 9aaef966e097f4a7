// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PeerWire
import PieceStore
import SwarmModel

extension TorrentLoop {
    /// Blocks whose headers share one allocation.
    private static let blocksPerBatch = 32
    private static let allocator = ByteBufferAllocator()

    /// Sends queued blocks while the channel takes them and their bytes are at hand.
    func serve(_ connection: PeerConnection) {
        guard !connection.isClosed else { return }
        connection.awaitsBlocks = false
        while connection.session.uploadQueueCount > 0, connection.link.isWritable, !connection.awaitsBlocks {
            guard self.uploadPace.isCapped else {
                _ = self.sendBatch(to: connection, limit: .max)
                continue
            }
            guard self.serveTurn(connection) else { return }
        }
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

    /// Sends up to a batch of blocks of up to `limit` bytes; stops early at one that has to be read first. Returns the
    /// bytes of the blocks that went.
    private func sendBatch(to connection: PeerConnection, limit: Int) -> Int {
        self.slices.removeAll(keepingCapacity: true)
        var headers = Self.allocator.buffer(capacity: Self.blocksPerBatch * MessageWriter.pieceHeaderLength)
        var sent = 0
        while self.slices.count < Self.blocksPerBatch, let block = connection.session.peekUpload(),
            Int(block.length) <= limit - sent
        {
            switch self.readCache.block(block) {
            case .bytes(let slice):
                _ = connection.session.popUpload()
                headers.writePieceHeader(block)
                sent += slice.readableBytes
                self.slices.append(slice)
                connection.session.blockSent(block)
            case .reading:
                connection.awaitsBlocks = true
            case .outOfRange:
                _ = connection.session.popUpload()
                connection.session.reject(block)
            }
            if connection.awaitsBlocks { break }
        }
        self.writeOutput(of: connection)
        for slice in self.slices {
            guard let header = headers.readSlice(length: MessageWriter.pieceHeaderLength) else { break }
            self.uploadMeter.add(slice.readableBytes)
            connection.link.write(header)
            connection.link.write(slice)
        }
        self.slices.removeAll(keepingCapacity: true)
        return sent
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

extension ByteBuffer {
    fileprivate mutating func writePieceHeader(_ block: BlockRange) {
        let header = MessageWriter.pieceHeader(block)
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: header.count) { bytes in
            for index in header.indices { bytes[index] = header[index] }
            return header.count
        }
    }
}
