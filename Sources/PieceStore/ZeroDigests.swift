// SPDX-License-Identifier: Apache-2.0

import Crypto
import Synchronization

/// What pieces of zeros hash to: how a hole is judged without reading it.
final class ZeroDigests: Sendable {
    /// Lengths remembered at most; a torrent has two.
    private static let capacity = 64
    private let known = Mutex<[Int: PieceDigest]>([:])

    func digest(length: Int) -> PieceDigest {
        if let digest = self.known.withLock({ $0[length] }) { return digest }
        let zeros = [UInt8](repeating: 0, count: 65_536)
        var hasher = Insecure.SHA1()
        var left = length
        while left > 0 {
            zeros.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.prefix(left))) }
            left -= min(left, zeros.count)
        }
        let digest = PieceDigest(hasher.finalize())
        self.known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[length] = digest
        }
        return digest
    }
}
