// SPDX-License-Identifier: Apache-2.0

import CPieceHash

/// The SHA-1 of two runs of bytes of one length, in little more time than one of them takes alone: measured 2.8 GB/s for
/// both together where one alone runs at 1.6.
struct PairedSHA1: ~Copyable {
    /// What every portion but the last must be a multiple of, in bytes.
    static let step = 64
    /// Whether this processor has the instructions for it.
    static let isAvailable = cpiecehash_sha1_pair_available() != 0

    private var pair = cpiecehash_sha1_pair()

    /// Only where it is available.
    init() {
        precondition(Self.isAvailable, "no SHA instructions")
        cpiecehash_sha1_pair_init(&self.pair)
    }

    /// Goes on by two portions of one length, a multiple of `step`.
    mutating func update(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
        precondition(first.count == second.count && first.count % Self.step == 0, "portions that do not fit")
        guard !first.isEmpty else { return }
        cpiecehash_sha1_pair_update(&self.pair, first.baseAddress, second.baseAddress, first.count)
    }

    /// The digests, after two last portions of one length, which may be empty.
    consuming func finalize(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> (first: PieceDigest, second: PieceDigest) {
        precondition(first.count == second.count, "portions that do not fit")
        var digests = [UInt8](repeating: 0, count: 2 * PieceDigest.length)
        cpiecehash_sha1_pair_finish(&self.pair, first.baseAddress, second.baseAddress, first.count, &digests)
        return (
            PieceDigest(bytes: Array(digests[..<PieceDigest.length])),
            PieceDigest(bytes: Array(digests[PieceDigest.length...]))
        )
    }
}
