// SPDX-License-Identifier: Apache-2.0

/// Cuts a byte stream into lines. A line that grows over the limit is reported once and skipped to its end, so memory
/// stays bounded and the stream stays usable.
package struct LineFramer: Sendable {
    /// What comes out.
    package enum Output: Equatable, Sendable {
        /// A line without its end; empty lines are passed over.
        case line([UInt8])
        /// A line that is longer than the limit; its bytes are gone.
        case oversized
    }

    /// The longest line in bytes, without its end.
    package let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var skipping = false

    /// Starts with nothing received.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes that are held: less than the limit and what came last.
    package var held: Int { self.buffer.count - self.start }

    /// Takes what was received.
    package mutating func receive(_ bytes: some Sequence<UInt8>) {
        self.buffer.append(contentsOf: bytes)
    }

    /// The next line, or nil until more is received.
    package mutating func next() -> Output? {
        while let end = self.buffer[self.searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = self.buffer[self.start..<end]
            self.start = end + 1
            self.searched = end + 1
            if self.skipping {
                self.skipping = false
            } else if line.count > self.limit {
                return .oversized
            } else {
                let trimmed = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
                if !trimmed.isEmpty { return .line(Array(trimmed)) }
            }
        }
        return self.keepRest()
    }

    /// Moves an unfinished line to the front, or drops it when it is too long already.
    private mutating func keepRest() -> Output? {
        if self.start > 0 { self.buffer.removeFirst(self.start) }
        self.start = 0
        if self.skipping || self.buffer.count > self.limit {
            let first = !self.skipping
            self.buffer = []
            self.searched = 0
            self.skipping = true
            return first ? .oversized : nil
        }
        if self.buffer.isEmpty { self.buffer = [] }
        self.searched = self.buffer.count
        return nil
    }
}
