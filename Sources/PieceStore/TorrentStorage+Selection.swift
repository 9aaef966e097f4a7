// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import Synchronization

/// Files that nobody wants are not made, but as far as the pieces of their neighbours reach into them.
extension TorrentStorage {
    /// Says how much each file matters from now on, one priority for each of the layout. Follow it with `prepare`, which
    /// makes what has become wanted.
    package func select(_ priorities: FilePriorities?) {
        var unwanted = Set<Int>()
        if let priorities, priorities.levels.count == self.layout.files.count {
            unwanted = Set(priorities.levels.indices.filter { priorities[$0] == .skip })
        }
        self.unwanted.withLock { $0 = unwanted }
    }

    func isWanted(_ file: Int) -> Bool { self.unwanted.withLock { !$0.contains(file) } }
}

extension FileLayout {
    /// The priority of each piece, 0 to 7: that of its most important file. Padding wants nothing.
    package func piecePriorities(_ files: FilePriorities) -> [UInt8] {
        var pieces = [UInt8](repeating: 0, count: self.geometry.pieceCount)
        let length = UInt64(self.geometry.pieceLength)
        for (index, file) in self.files.enumerated() where file.length > 0 && file.kind != .padding {
            guard index < files.levels.count else { break }
            let priority = files[index].piecePriority
            for piece in Int(file.offset / length)...Int((file.end - 1) / length) {
                pieces[piece] = max(pieces[piece], priority)
            }
        }
        return pieces
    }
}
