// SPDX-License-Identifier: Apache-2.0

/// Appends values in canonical form to a byte array, in one pass. Inside `dictionary` write keys and values in turn, the
/// keys in rising order of their bytes; anything else is a mistake of the caller and stops the program. Where the order
/// is not known beforehand, build a `BencodeTree`.
package struct BencodeWriter: Sendable {
    /// What has been written.
    package private(set) var bytes: [UInt8]
    private var previousKey: Range<Int>?

    /// Nothing written, room for `capacity` bytes.
    package init(reserving capacity: Int = 0) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// Writes an integer.
    package mutating func write(_ integer: Int64) {
        self.bytes.append(UInt8(ascii: "i"))
        self.appendDecimal(integer)
        self.bytes.append(UInt8(ascii: "e"))
    }

    /// Writes an integer.
    package mutating func write(_ integer: Int) { self.write(Int64(integer)) }

    /// Writes a byte string.
    package mutating func write(_ string: some Collection<UInt8>) {
        self.appendDecimal(Int64(string.count))
        self.bytes.append(UInt8(ascii: ":"))
        self.bytes.append(contentsOf: string)
    }

    /// Writes text as a byte string.
    package mutating func write(_ text: String) { self.write(text.utf8) }

    /// Writes bytes that are one canonical value already.
    package mutating func write(raw value: some Collection<UInt8>) { self.bytes.append(contentsOf: value) }

    /// Writes a list of whatever `body` writes.
    package mutating func list<Failure>(_ body: (inout BencodeWriter) throws(Failure) -> Void) throws(Failure) {
        self.bytes.append(UInt8(ascii: "l"))
        try body(&self)
        self.bytes.append(UInt8(ascii: "e"))
    }

    /// Writes a dictionary: `body` writes keys and values in turn.
    package mutating func dictionary<Failure>(_ body: (inout BencodeWriter) throws(Failure) -> Void) throws(Failure) {
        let outer = self.previousKey
        self.previousKey = nil
        self.bytes.append(UInt8(ascii: "d"))
        try body(&self)
        self.bytes.append(UInt8(ascii: "e"))
        self.previousKey = outer
    }

    /// Writes a key of the dictionary being written; its value must follow.
    package mutating func key(_ key: some Collection<UInt8>) {
        self.write(key)
        let range = self.bytes.count - key.count..<self.bytes.count
        if let previous = self.previousKey {
            precondition(
                self.bytes[previous].lexicographicallyPrecedes(self.bytes[range]),
                "bencode keys are written in rising order")
        }
        self.previousKey = range
    }

    /// Writes a key of the dictionary being written; its value must follow.
    package mutating func key(_ key: String) { self.key(key.utf8) }

    private mutating func appendDecimal(_ number: Int64) {
        if number < 0 { self.bytes.append(UInt8(ascii: "-")) }
        let start = self.bytes.count
        var rest = number.magnitude
        repeat {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self.bytes[start...].reverse()
    }
}
