// SPDX-License-Identifier: Apache-2.0

/// The entries of a dictionary in the order of the input. A look-up walks the keys: meant for dictionaries of a few
/// known keys; go through large ones in a loop.
package struct BencodeDictionary: Sequence, Sendable {
    /// One key and its value.
    package typealias Element = (key: ArraySlice<UInt8>, value: BencodeValue)

    /// Walks the entries.
    package struct Iterator: IteratorProtocol {
        fileprivate let tape: BencodeTape
        fileprivate var index: Int
        fileprivate let end: Int

        package mutating func next() -> Element? {
            guard self.index < self.end else { return nil }
            let key = BencodeValue(tape: self.tape, index: self.index)
            let value = BencodeValue(tape: self.tape, index: self.index + 1)
            self.index = Int(self.tape.nodes[self.index + 1].next)
            return (key.bytes ?? [], value)
        }
    }

    private let tape: BencodeTape
    private let start: Int
    private let end: Int

    init(tape: BencodeTape, from start: Int, to end: Int) {
        self.tape = tape
        self.start = start
        self.end = end
    }

    package func makeIterator() -> Iterator { Iterator(tape: self.tape, index: self.start, end: self.end) }

    /// Whether it has no entries.
    package var isEmpty: Bool { self.start == self.end }

    /// The value of `key`, the first if it is repeated; nil if there is none.
    package subscript(key: String) -> BencodeValue? { self.value(of: key.utf8) }

    /// The value of a key that need not be text, the first if it is repeated; nil if there is none.
    package subscript(bytes key: some Collection<UInt8>) -> BencodeValue? { self.value(of: key) }

    private func value(of key: some Collection<UInt8>) -> BencodeValue? {
        let count = key.count
        var index = self.start
        while index < self.end {
            let node = self.tape.nodes[index]
            let content = Int(node.start) + Int(node.header)
            if Int(node.end) - content == count, self.tape.bytes[content..<Int(node.end)].elementsEqual(key) {
                return BencodeValue(tape: self.tape, index: index + 1)
            }
            index = Int(self.tape.nodes[index + 1].next)
        }
        return nil
    }
}
