// SPDX-License-Identifier: Apache-2.0

/// A value of a parsed input (BEP 3): an integer, a byte string, a list or a dictionary. It refers to the input, so that
/// copying one is cheap and its raw bytes are at hand.
///
/// Policy: input that is well-formed but not in the one canonical form (unsorted or repeated keys, leading zeros, minus
/// zero) is read, and `isCanonical` tells; whoever needs the canonical form (a v2 info dictionary) refuses it. Of
/// repeated keys the first counts. Numbers outside Int64 and lengths beyond the input are errors. Bytes after the value
/// are an error of `init(parsing:limits:)` and the caller's business with `init(prefixOf:limits:)`.
package struct BencodeValue: Sendable {
    /// The four forms.
    package enum Kind: Hashable, Sendable {
        case integer
        case bytes
        case list
        case dictionary
    }

    let tape: BencodeTape
    let index: Int

    init(tape: BencodeTape, index: Int) {
        self.tape = tape
        self.index = index
    }

    /// Reads input that is one value and nothing else.
    package init(
        parsing bytes: some Collection<UInt8>, limits: BencodeLimits = .torrent
    ) throws(BencodeError) {
        let input = Array(bytes)
        try self.init(prefixOf: input, limits: limits)
        let end = self.range.upperBound
        guard end == input.count else { throw BencodeError(.trailingBytes(count: input.count - end), at: end) }
    }

    /// Reads one value from the start of the input; `range.upperBound` is then where the rest begins.
    package init(
        prefixOf bytes: some Collection<UInt8>, limits: BencodeLimits = .torrent
    ) throws(BencodeError) {
        let input = Array(bytes)
        var parser = BencodeParser(input, limits: limits)
        try parser.run()
        self.tape = BencodeTape(bytes: input, nodes: parser.nodes)
        self.index = 0
    }

    private var node: BencodeNode { self.tape.nodes[self.index] }

    /// Which of the four forms it has.
    package var kind: Kind {
        switch self.node.kind {
        case .integer: .integer
        case .bytes: .bytes
        case .list: .list
        case .dictionary: .dictionary
        }
    }

    /// Whether it and all inside it are in the one canonical form.
    package var isCanonical: Bool { self.node.isCanonical }

    /// Where it lies in the input: offsets from the input's first byte.
    package var range: Range<Int> { Int(self.node.start)..<Int(self.node.end) }

    /// Its bytes as they stood in the input. Info-hashes are over these, never over a re-encoding.
    package var raw: ArraySlice<UInt8> { self.tape.bytes[self.range] }

    /// The integer; nil for other forms.
    package var integer: Int64? {
        guard self.node.kind == .integer else { return nil }
        let digits = self.raw.dropFirst().dropLast()
        let isNegative = digits.first == UInt8(ascii: "-")
        return digits.drop { $0 == UInt8(ascii: "-") }.reduce(0) { value, byte in
            let digit = Int64(byte) &- 48
            return value &* 10 &+ (isNegative ? 0 &- digit : digit)
        }
    }

    /// The byte string; nil for other forms.
    package var bytes: ArraySlice<UInt8>? {
        let node = self.node
        guard node.kind == .bytes else { return nil }
        return self.tape.bytes[Int(node.start) + Int(node.header)..<Int(node.end)]
    }

    /// The byte string as text; nil for other forms and for bytes that are not UTF-8.
    package var string: String? {
        guard let bytes = self.bytes else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The list's elements in order; nil for other forms.
    package var list: [BencodeValue]? {
        guard self.node.kind == .list else { return nil }
        var elements: [BencodeValue] = []
        var index = self.index + 1
        let end = Int(self.node.next)
        while index < end {
            elements.append(BencodeValue(tape: self.tape, index: index))
            index = Int(self.tape.nodes[index].next)
        }
        return elements
    }

    /// The dictionary's entries; nil for other forms.
    package var dictionary: BencodeDictionary? {
        guard self.node.kind == .dictionary else { return nil }
        return BencodeDictionary(tape: self.tape, from: self.index + 1, to: Int(self.node.next))
    }

    /// The value of `key`; nil when this is no dictionary or has no such key.
    package subscript(key: String) -> BencodeValue? { self.dictionary?[key] }
}
