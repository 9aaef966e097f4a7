// SPDX-License-Identifier: Apache-2.0

/// AES-128 in counter mode as textbooks have it (FIPS 197, NIST SP 800-38A), the counter beginning at zero.
struct ReferenceBlockCipher {
    private let rounds: [[UInt8]]
    private var position = 0

    init(key: [UInt8]) {
        var words = (0..<4).map { Array(key[4 * $0..<4 * $0 + 4]) }
        var constant: UInt8 = 1
        while words.count < 44 {
            var word = words[words.count - 1]
            if words.count.isMultiple(of: 4) {
                word = (word[1...] + word[..<1]).map(Self.substituted)
                word[0] ^= constant
                constant = Self.product(constant, 2)
            }
            words.append(zip(words[words.count - 4], word).map { $0 ^ $1 })
        }
        self.rounds = (0..<11).map { words[4 * $0..<4 * $0 + 4].flatMap { $0 } }
    }

    mutating func applied(to bytes: [UInt8]) -> [UInt8] {
        bytes.map { byte in
            defer { self.position += 1 }
            let number = UInt64(self.position / 16)
            let counter = (0..<16).map { $0 < 8 ? 0 : UInt8(truncatingIfNeeded: number >> UInt64(8 * (15 - $0))) }
            return byte ^ self.encrypted(counter)[self.position % 16]
        }
    }

    /// One block.
    func encrypted(_ block: [UInt8]) -> [UInt8] {
        var state = zip(block, self.rounds[0]).map { $0 ^ $1 }
        for round in 1...10 {
            state = state.map(Self.substituted)
            state = (0..<16).map { state[(5 * $0) % 16] }
            if round < 10 { state = (0..<16).map { Self.mixed(state, $0) } }
            state = zip(state, self.rounds[round]).map { $0 ^ $1 }
        }
        return state
    }

    private static func mixed(_ state: [UInt8], _ index: Int) -> UInt8 {
        let column = index / 4 * 4
        func byte(_ row: Int) -> UInt8 { state[column + (index + row) % 4] }
        return Self.product(byte(0), 2) ^ Self.product(byte(1), 3) ^ byte(2) ^ byte(3)
    }

    private static let substitutions: [UInt8] = (UInt8.min...UInt8.max).map { byte in
        let inverse = (UInt8.min...UInt8.max).first { Self.product(byte, $0) == 1 } ?? 0
        return ([1, 2, 3, 4] as [UInt8]).reduce(inverse ^ 0x63) { $0 ^ (inverse << $1 | inverse >> (8 - $1)) }
    }

    private static func substituted(_ byte: UInt8) -> UInt8 { Self.substitutions[Int(byte)] }

    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (left, right, sum) = (left, right, UInt8(0))
        while right > 0 {
            if right & 1 == 1 { sum ^= left }
            left = left << 1 ^ (left & 0x80 == 0 ? 0 : 0x1b)
            right >>= 1
        }
        return sum
    }
}
