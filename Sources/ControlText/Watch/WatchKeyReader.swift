// SPDX-License-Identifier: Apache-2.0

/// Makes keys of the bytes that a terminal sends (ECMA-48 sequences as xterm and the Linux console send them), however
/// they are cut.
package struct WatchKeyReader: Sendable {
    private static let escapeByte: UInt8 = 0x1B
    /// No sequence that means something is longer.
    private static let longest = 16
    private static let sequences: [String: WatchKey] = [
        "[A": .up, "[B": .down, "OA": .up, "OB": .down, "[5~": .pageUp, "[6~": .pageDown, "[H": .home, "[F": .end,
        "OH": .home, "OF": .end, "[1~": .home, "[4~": .end, "[7~": .home, "[8~": .end,
    ]

    private var held: [UInt8] = []

    /// Nothing received yet.
    package init() {}

    /// Whether a sequence has begun and not ended: when nothing follows soon, `flush` tells what it was.
    package var isWaiting: Bool { !self.held.isEmpty }

    /// Takes bytes and gives the keys that they complete.
    package mutating func receive(_ bytes: some Sequence<UInt8>) -> [WatchKey] {
        self.held.append(contentsOf: bytes)
        var keys: [WatchKey] = []
        while let first = self.held.first {
            if first == Self.escapeByte {
                guard let length = self.sequenceLength() else { break }
                if let key = self.key(ofSequence: length) { keys.append(key) }
                self.held.removeFirst(length)
            } else {
                guard let length = Self.characterLength(first), length <= self.held.count else {
                    if Self.characterLength(first) == nil {
                        self.held.removeFirst()
                        continue
                    }
                    break
                }
                if let key = Self.key(of: self.held.prefix(length)) { keys.append(key) }
                self.held.removeFirst(length)
            }
        }
        return keys
    }

    /// The key that was begun, when nothing more comes: Escape by itself.
    package mutating func flush() -> [WatchKey] {
        defer { self.held = [] }
        return self.held == [Self.escapeByte] ? [.escape] : []
    }

    /// How long the sequence at the front is; nil until it is whole.
    private func sequenceLength() -> Int? {
        guard self.held.count > 1 else { return nil }
        // Escape twice, or before anything that begins no sequence, is the key Escape.
        guard self.held[1] == UInt8(ascii: "[") || self.held[1] == UInt8(ascii: "O") else { return 1 }
        for (index, byte) in self.held.enumerated().dropFirst(2) {
            if (0x40...0x7E).contains(byte) { return index + 1 }
            if index >= Self.longest { return index + 1 }
        }
        return nil
    }

    private func key(ofSequence length: Int) -> WatchKey? {
        if length == 1 { return .escape }
        return Self.sequences[String(decoding: self.held[1..<length], as: UTF8.self)]
    }

    private static func key(of bytes: ArraySlice<UInt8>) -> WatchKey? {
        switch bytes.first {
        case 0x03: return .interrupt
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case .some(..<0x20), nil: return nil
        case .some: return String(decoding: bytes, as: UTF8.self).first.map { .character($0) }
        }
    }

    /// How many bytes a character has by its first (RFC 3629); nil for one that begins none.
    private static func characterLength(_ first: UInt8) -> Int? {
        switch first {
        case ..<0x80: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }
}
