// SPDX-License-Identifier: Apache-2.0

/// A run of hashes of one layer of a file's hash tree, and how far towards the root they can be proved by what goes with
/// them (BEP 52, "hash request").
///
/// Layers count from the leaves (0). The proof has at most one hash from each layer above the run, its own root's sibling
/// first; those layers that follow from the run itself are counted and left out.
package struct HashRange: Hashable, Sendable {
    /// Bytes of a hash.
    package static let hashLength = 32
    /// The most hashes in a run that anybody should ask for (BEP 52).
    package static let usualCount = 512
    /// No tree has as many layers.
    package static let layerLimit: UInt32 = 64

    /// The root of the file's tree, 32 bytes.
    package let root: [UInt8]
    /// The layer that the run lies in.
    package let layer: UInt32
    /// The first hash of the run.
    package let index: UInt32
    /// Hashes in the run.
    package let count: UInt32
    /// Layers above the run's that are proved.
    package let proofLayers: UInt32

    /// Takes the parts as they are, well-formed or not.
    package init(root: [UInt8], layer: UInt32, index: UInt32, count: UInt32, proofLayers: UInt32) {
        self.root = root
        self.layer = layer
        self.index = index
        self.count = count
        self.proofLayers = proofLayers
    }

    /// Whether the run is the children of one node: a power of two of at least two, and the index a multiple of it.
    package var isWellFormed: Bool {
        self.root.count == Self.hashLength && self.count >= 2 && self.count.nonzeroBitCount == 1
            && self.index.isMultiple(of: self.count) && self.layer < Self.layerLimit
            && self.proofLayers < Self.layerLimit
    }

    /// How many layers the run's own root lies above it.
    package var height: Int { self.count.trailingZeroBitCount }

    /// Hashes of the proof, of a range that is well-formed.
    package var proofCount: Int { max(0, Int(self.proofLayers) - (self.height - 1)) }

    /// Bytes of the run and its proof, of a range that is well-formed.
    package var byteCount: Int { (Int(self.count) + self.proofCount) * Self.hashLength }
}
