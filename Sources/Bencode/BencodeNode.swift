// SPDX-License-Identifier: Apache-2.0

/// One value or key of a parsed input, sixteen bytes. Nodes stand in the order of the input, children after their
/// container, so that a subtree is a run of nodes.
struct BencodeNode: BitwiseCopyable {
    /// What the four forms are.
    enum Kind: UInt8, BitwiseCopyable {
        case integer
        case bytes
        case list
        case dictionary
    }

    /// Stands for "no node".
    static let none = UInt32.max

    /// Offset of its first byte.
    var start: UInt32
    /// Offset after its last byte. While a container is open: its last key's node.
    var end: UInt32
    /// The node after its subtree. While a container is open: the container around it.
    var next: UInt32
    /// Bytes before a string's content.
    var header: UInt8 = 0
    var kind: Kind
    /// Whether it and all inside it are in canonical form.
    var isCanonical = true
}
