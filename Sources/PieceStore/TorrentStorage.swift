// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import SwarmModel
import Synchronization

/// One torrent's files. Calls return at once; the work is done on the store's threads and the answer comes by
/// `execute` on the event loop named, several answers in one when they are ready together.
///
/// Order of durability: a piece is written when `.stored` comes back, durable when a `synchronise` that was asked for
/// after that has succeeded; only then may "have" be recorded.
package final class TorrentStorage: Sendable {
    /// Files that changed since the last flush, and folders with new entries.
    struct Unsynchronised: Sendable {
        var files = Set<Int>()
        var folders = Set<FolderPath>()

        var isEmpty: Bool { self.files.isEmpty && self.folders.isEmpty }
    }

    /// The shared part.
    package let store: PieceStore
    /// Where the payload lies.
    package let layout: FileLayout
    /// What its pieces must hash to.
    package var hashes: PieceHashes { self.hashBox.withLock { $0 } }
    /// The download folder; the layout's paths are below it.
    package var root: String { self.folder.path }

    let folder: DownloadFolder
    let mounts: MountTable
    let number: UInt64
    private let hashBox: Mutex<PieceHashes>
    let unsynchronised = Mutex(Unsynchronised())
    /// Files that are not wanted.
    let unwanted = Mutex(Set<Int>())
    /// Every job of this torrent passes it.
    let gate = OperationGate()
    private let isClosed = Atomic<Bool>(false)

    /// Nothing is touched before `prepare` or the first job.
    package init(
        store: PieceStore, layout: FileLayout, hashes: PieceHashes, root: String, mounts: MountTable = .system
    ) {
        self.store = store
        self.layout = layout
        self.hashBox = Mutex(hashes)
        self.folder = DownloadFolder(path: root, disk: DiskGuard(mounts: mounts))
        self.mounts = mounts
        self.number = store.newStorageNumber()
    }

    deinit { self.store.openFiles.removeAll(of: self.number) }

    /// How the payload divides into pieces.
    package var geometry: TorrentGeometry { self.layout.geometry }

    /// Runs `work` on a store thread and carries its result to `loop`. After `removeData` work is refused.
    func perform<Value: Sendable>(
        _ urgency: JobQueue.Urgency, exclusive: Bool = false, on loop: any EventLoop,
        _ work: @escaping @Sendable () throws(StorageError) -> Value,
        then: @escaping @Sendable (Result<Value, StorageError>) -> Void
    ) {
        let completions = self.store.completions(on: loop)
        self.enqueue(urgency, exclusive: exclusive) {
            let result = Result { () throws(StorageError) in
                try self.checkOpen()
                return try work()
            }
            completions.deliver { then(result) }
        }
    }

    /// Runs `work` on a store thread, in its turn among this torrent's jobs.
    func enqueue(_ urgency: JobQueue.Urgency, exclusive: Bool = false, _ work: @escaping @Sendable () -> Void) {
        self.gate.enter(exclusive: exclusive) {
            self.store.queue.submit(urgency) {
                work()
                self.gate.leave()
            }
        }
    }

    /// Judges pieces by these hashes from now on: more of them have become known. Calls `then` on `loop` when whatever was
    /// judged by the old ones has been written, and told of on that loop.
    package func adopt(_ hashes: PieceHashes, on loop: any EventLoop, then: @escaping @Sendable () -> Void) {
        self.hashBox.withLock { $0 = hashes }
        self.perform(.bulk, exclusive: true, on: loop) { () throws(StorageError) in
        } then: { _ in
            then()
        }
    }

    /// From now on jobs are refused.
    func close() { self.isClosed.store(true, ordering: .releasing) }

    func checkOpen() throws(StorageError) {
        guard self.isClosed.load(ordering: .acquiring) else { return }
        throw StorageError(.open, .closed, path: self.root)
    }

    /// An open file of this torrent. With `writable` it is made when missing and as long as it should be.
    func file(_ index: Int, writable: Bool) throws(StorageError) -> OpenFile {
        let key = OpenFileCache.Key(storage: self.number, file: index)
        if let file = self.store.openFiles.file(key, writable: writable) { return file }
        let entry = self.layout.files[index]
        let isWanted = !writable || self.isWanted(index)
        if !isWanted {
            try self.folder.withDescriptor { (root) throws(StorageError) in
                try self.folder.makeFolders(root, Array(entry.path.dropLast()))
            }
        }
        let opened = try self.openFile(entry, writable: writable)
        if opened.isNew { self.noteNewEntry(entry.path) }
        if writable, isWanted { try opened.file.extend(to: entry.length) }
        return self.store.openFiles.insert(opened.file, key)
    }

    /// The file if it is open already.
    func openFileIfCached(_ index: Int) -> OpenFile? {
        self.store.openFiles.file(OpenFileCache.Key(storage: self.number, file: index), writable: false)
    }

    /// Remembers that the folders above a new entry must be flushed.
    func noteNewEntry(_ path: [String]) {
        self.unsynchronised.withLock { state in
            var folder = FolderPath(path).parent
            while let next = folder, state.folders.insert(next).inserted { folder = next.parent }
        }
    }

    private func openFile(
        _ entry: FileLayout.File, writable: Bool
    ) throws(StorageError) -> (file: OpenFile, isNew: Bool) {
        let executable = entry.kind == .regular(isExecutable: true)
        do throws(StorageError) {
            return try self.folder.open(entry.path, writable: writable, creates: writable, executable: executable)
        } catch {
            guard error.isOutOfDescriptors else { throw error }
            self.store.openFiles.shrink()
            return try self.folder.open(entry.path, writable: writable, creates: writable, executable: executable)
        }
    }
}
