// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Message stream encryption's arithmetic done the slow and plain way, to hold the plugin's against.
struct ReferenceExchange {
    /// The prime, most significant first.
    private static let prime: [UInt32] = [
        0xffff_ffff, 0xffff_ffff, 0xc90f_daa2, 0x2168_c234, 0xc4c6_628b, 0x80dc_1cd1, 0x2902_4e08, 0x8a67_cc74,
        0x020b_bea6, 0x3b13_9b22, 0x514a_0879, 0x8e34_04dd, 0xef95_19b3, 0xcd3a_431b, 0x302b_0a6d, 0xf25f_1437,
        0x4fe1_356d, 0x6d51_c245, 0xe485_b576, 0x625e_7ec6, 0xf44c_42e9, 0xa63a_3621, 0x0000_0000, 0x0009_0563,
    ]

    /// Made once: it takes a while.
    static let initiator = ReferenceExchange(exponent: 0x9e3)
    static let responder = ReferenceExchange(exponent: 0xb75)

    /// The private key: small, so that it does not take long. Not 0.
    let exponent: UInt32
    let publicKey: [UInt8]

    private init(exponent: UInt32) {
        self.exponent = exponent
        self.publicKey = Self.bytes(Self.power([UInt32](repeating: 0, count: 23) + [2], exponent))
    }

    func secret(with key: [UInt8]) -> [UInt8] { Self.bytes(Self.power(Self.words(key), self.exponent)) }

    /// The prime plus a small number, as bytes of a key.
    static func prime(plus difference: Int64) -> [UInt8] {
        var words = Self.prime
        words[23] = UInt32(Int64(words[23]) + difference)
        return Self.bytes(words)
    }

    static func digest(_ name: String, _ parts: [UInt8]...) -> [UInt8] {
        Array(Insecure.SHA1.hash(data: Array(name.utf8) + parts.flatMap { $0 }))
    }

    private static func power(_ base: [UInt32], _ exponent: UInt32) -> [UInt32] {
        var result = base
        for bit in stride(from: 30 - exponent.leadingZeroBitCount, through: 0, by: -1) {
            result = Self.multiply(result, result)
            if exponent >> UInt32(bit) & 1 == 1 { result = Self.multiply(result, base) }
        }
        return result
    }

    /// By doubling and adding.
    private static func multiply(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: 24)
        for word in left {
            for bit in stride(from: 31, through: 0, by: -1) {
                result = Self.add(result, result)
                if word >> UInt32(bit) & 1 == 1 { result = Self.add(result, right) }
            }
        }
        return result
    }

    private static func add(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var sum = [UInt32](repeating: 0, count: 24)
        var carry: UInt64 = 0
        for index in stride(from: 23, through: 0, by: -1) {
            let wide = UInt64(left[index]) + UInt64(right[index]) + carry
            sum[index] = UInt32(truncatingIfNeeded: wide)
            carry = wide >> 32
        }
        guard carry > 0 || !sum.lexicographicallyPrecedes(Self.prime) else { return sum }
        var borrow: Int64 = 0
        for index in stride(from: 23, through: 0, by: -1) {
            let wide = Int64(sum[index]) - Int64(Self.prime[index]) - borrow
            sum[index] = UInt32(truncatingIfNeeded: wide)
            borrow = wide < 0 ? 1 : 0
        }
        return sum
    }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        (0..<24).map { word in bytes[4 * word..<4 * word + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static func bytes(_ words: [UInt32]) -> [UInt8] {
        words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }
}
