// SPDX-License-Identifier: Apache-2.0

import CLinux
import Dispatch
import Glibc
import Synchronization

/// Tells of files that come into folders, as the kernel does (inotify).
final class FolderAlarm: Sendable {
    /// Bytes of events that are read at once.
    private static let room = 64 << 10

    private let descriptor: Int32
    // Set up before anybody else has it, and only cancelled afterwards, which any thread may do.
    nonisolated(unsafe) private let source: any DispatchSourceRead
    private let closed = Mutex<[Int32: Set<String>]>([:])

    /// Calls `ring`, on some thread, whenever something has happened. Nil where the kernel allows no more of these.
    init?(_ ring: @escaping @Sendable () -> Void) {
        let descriptor = clinux_watch_open()
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor, queue: DispatchQueue(label: "swarm.watch"))
        self.source.setCancelHandler { close(descriptor) }
        self.source.setEventHandler { [weak self] in
            self?.read()
            ring()
        }
        self.source.resume()
    }

    deinit { self.source.cancel() }

    /// Has the kernel tell of a folder, and gives its number; nil where it cannot be looked at. The same folder has the same
    /// number again.
    func watch(_ path: String) -> Int32? {
        let folder = clinux_watch_folder(self.descriptor, path)
        return folder >= 0 ? folder : nil
    }

    /// Forgets a folder.
    func drop(_ folder: Int32) {
        clinux_watch_drop(self.descriptor, folder)
        self.closed.withLock { $0[folder] = nil }
    }

    /// The files of a folder that were closed or moved in since the last call.
    func takeClosed(_ folder: Int32) -> Set<String> {
        self.closed.withLock { $0.removeValue(forKey: folder) } ?? []
    }

    private func read() {
        withUnsafeTemporaryAllocation(byteCount: Self.room, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return }
            while true {
                let count = Glibc.read(self.descriptor, base, buffer.count)
                guard count > 0 else { return }
                var place = 0
                var folder: Int32 = 0
                var name: UnsafePointer<CChar>?
                while clinux_watch_next(base, count, &place, &folder, &name) == 1 {
                    guard let name = name.flatMap({ String(validatingCString: $0) }), WatchedFolder.isWanted(name)
                    else {
                        continue
                    }
                    self.closed.withLock { all in
                        guard all[folder, default: []].count < WatchedFolder.mostFiles else { return }
                        _ = all[folder, default: []].insert(name)
                    }
                }
            }
        }
    }
}
