// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import SwarmModel
import Synchronization

extension TorrentStorage {
    /// Makes everything durable that was reported `.stored`, or found right by a verification, before this call: file contents first, then the folders
    /// that have new entries. After an error nothing that was stored since the last success may be recorded as had;
    /// pieces stored since then should be verified before they are, because the kernel drops pages it could not write.
    package func synchronise(
        on loop: any EventLoop, then: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        self.perform(.slow, on: loop, { () throws(StorageError) in try self.synchroniseBlocking() }, then: then)
    }

    /// Whether something was written that is not durable yet.
    package var hasUnsynchronisedData: Bool { self.unsynchronised.withLock { !$0.isEmpty } }

    /// Remembers that a piece found on disk may not have reached the disk itself yet.
    func noteFound(_ piece: PieceIndex) {
        let length = Int(self.geometry.length(of: piece))
        self.layout.forEachSegment(from: self.geometry.offset(of: piece), length: length) { segment in
            let file = self.layout.files[segment.file]
            guard file.kind != .padding else { return }
            let isNews = self.unsynchronised.withLock { $0.files.insert(segment.file).inserted }
            if isNews { self.noteNewEntry(file.path) }
        }
    }

    /// As `synchronise`, on the calling thread.
    package func synchroniseBlocking() throws(StorageError) {
        var left = self.unsynchronised.withLock { state in
            var taken = Unsynchronised()
            swap(&taken, &state)
            return taken
        }
        do throws(StorageError) {
            for index in left.files.sorted() {
                let file = try self.file(index, writable: false)
                try file.synchroniseData()
                try self.checkInPlace(index, file)
                left.files.remove(index)
            }
            for folder in left.folders.sorted(by: { $0.names.count > $1.names.count }) {
                try self.folder.synchroniseFolder(folder.names)
                left.folders.remove(folder)
            }
        } catch {
            self.unsynchronised.withLock { state in
                state.files.formUnion(left.files)
                state.folders.formUnion(left.folders)
            }
            throw error
        }
    }
}
