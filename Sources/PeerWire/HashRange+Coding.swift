// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The body that the three messages about hash trees begin with (BEP 52): the root, then four numbers of four bytes,
/// big-endian.
extension HashRange {
    /// Bytes of it.
    package static let encodedLength = 48

    /// Reads the first bytes of a message's body; nil when there are too few. Its numbers are as sent.
    package init?(parsing body: some Collection<UInt8>) {
        guard body.count >= Self.encodedLength else { return nil }
        var numbers: [UInt32] = []
        var rest = body.dropFirst(Self.hashLength)
        for _ in 0..<4 {
            numbers.append(rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
            rest = rest.dropFirst(4)
        }
        self.init(
            root: Array(body.prefix(Self.hashLength)), layer: numbers[0], index: numbers[1], count: numbers[2],
            proofLayers: numbers[3])
    }

    /// Appends the bytes. The root must have its length.
    func encode(into output: inout [UInt8]) {
        precondition(self.root.count == Self.hashLength, "a root is a SHA-256")
        output.append(contentsOf: self.root)
        for number in [self.layer, self.index, self.count, self.proofLayers] {
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
    }
}
