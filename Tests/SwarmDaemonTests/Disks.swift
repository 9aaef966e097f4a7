// SPDX-License-Identifier: Apache-2.0

import Glibc
import PieceStore
import Synchronization

/// A mount table of a test's own over real folders: file systems that are mounted and unmounted by a word.
final class Disks: Sendable {
    private let mounted = Mutex<[String: UInt64]>([:])

    func mount(_ path: String, device: UInt64 = 7) { self.mounted.withLock { $0[path] = device } }
    func unmount(_ path: String) { self.mounted.withLock { $0[path] = nil } }

    var table: MountTable {
        MountTable(
            canonical: { Self.exists($0) ? $0 : nil },
            device: { Self.exists($0) ? self.device(of: $0) : nil },
            openDevice: { descriptor in
                var path = [CChar](repeating: 0, count: 4_096)
                let count = readlink("/proc/self/fd/\(descriptor)", &path, path.count)
                guard count > 0 else { return nil }
                return self.device(of: String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
            })
    }

    private func device(of path: String) -> UInt64 {
        self.mounted.withLock { mounted in
            let holders = mounted.filter { path == $0.key || path.hasPrefix($0.key + "/") }
            return holders.max { $0.key.utf8.count < $1.key.utf8.count }?.value ?? 1
        }
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
