// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Writes a datagram into memory of somebody else's: numbers in network order, one after the other. What does not fit
/// is left out and remembered.
package struct DatagramWriter {
    /// Room that is enough for every datagram of this room.
    package static let roomy = 2048

    private let space: UnsafeMutableRawBufferPointer
    /// Bytes written.
    package private(set) var count = 0
    /// Something did not fit: the datagram is not to be sent.
    package private(set) var isCut = false

    /// Writes to `space`, which must outlive the writer.
    package init(_ space: UnsafeMutableRawBufferPointer) {
        self.space = space
    }

    /// A datagram as an array, of at most `limit` bytes.
    package static func bytes(upTo limit: Int = Self.roomy, _ body: (inout DatagramWriter) -> Void) -> [UInt8] {
        Array(unsafeUninitializedCapacity: limit) { space, count in
            var writer = DatagramWriter(UnsafeMutableRawBufferPointer(space))
            body(&writer)
            count = writer.count
        }
    }

    /// Bytes that still fit.
    package var room: Int { self.space.count - self.count }

    /// Begins anew.
    package mutating func removeAll() {
        self.count = 0
        self.isCut = false
    }

    /// Appends two bytes.
    package mutating func append(_ number: UInt16) { self.store(number.bigEndian) }
    /// Appends four bytes.
    package mutating func append(_ number: UInt32) { self.store(number.bigEndian) }
    /// Appends eight bytes.
    package mutating func append(_ number: UInt64) { self.store(number.bigEndian) }

    /// Appends twenty bytes.
    package mutating func append(_ bytes: Bytes20) {
        let words = bytes.words
        self.append(words.high)
        self.append(words.middle)
        self.append(words.low)
    }

    /// Appends bytes as they are.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        self.append(upTo: bytes.count) { target in
            UnsafeMutableRawBufferPointer(start: target, count: bytes.count).copyBytes(from: bytes)
            return bytes.count
        }
    }

    /// Appends ASCII.
    package mutating func append(_ text: StaticString) {
        self.append(upTo: text.utf8CodeUnitCount) { target in
            target.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
            return text.utf8CodeUnitCount
        }
    }

    /// Lets `body` write up to `limit` bytes; it returns how many it wrote.
    package mutating func append(upTo limit: Int, _ body: (UnsafeMutableRawPointer) -> Int) {
        guard let base = self.space.baseAddress, limit <= self.room else {
            self.isCut = true
            return
        }
        self.count += body(base + self.count)
    }

    private mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        guard let base = self.space.baseAddress, MemoryLayout<Number>.size <= self.room else {
            self.isCut = true
            return
        }
        base.storeBytes(of: number, toByteOffset: self.count, as: Number.self)
        self.count += MemoryLayout<Number>.size
    }
}
