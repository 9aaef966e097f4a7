// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Messages about hash trees (BEP 52).
extension MessageWriter {
    /// Asks for hashes.
    package static func hashRequest(_ range: HashRange, into output: inout [UInt8]) {
        Self.head(MessageID.hashRequest, length: UInt32(1 + HashRange.encodedLength), into: &output)
        range.encode(into: &output)
    }

    /// Brings hashes that were asked for: those of the range, then its proof.
    package static func hashes(_ range: HashRange, _ hashes: some Collection<UInt8>, into output: inout [UInt8]) {
        Self.head(MessageID.hashes, length: UInt32(1 + HashRange.encodedLength + hashes.count), into: &output)
        range.encode(into: &output)
        output.append(contentsOf: hashes)
    }

    /// Refuses hashes.
    package static func hashReject(_ range: HashRange, into output: inout [UInt8]) {
        Self.head(MessageID.hashReject, length: UInt32(1 + HashRange.encodedLength), into: &output)
        range.encode(into: &output)
    }
}
