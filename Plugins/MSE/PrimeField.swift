// SPDX-License-Identifier: Apache-2.0

/// Arithmetic modulo the prime of message stream encryption: 768 bits in 12 limbs, least significant first, multiplied in
/// Montgomery's form (Montgomery 1985) with R = 2^768.
enum PrimeField {
    private static let limbs = 12
    /// Exponent bits looked at together.
    private static let window = 4
    /// -1/p modulo 2^64.
    private static let inverse: UInt64 = 0x6d5d_6e69_9507_5bb5

    private typealias Limbs = UnsafeMutablePointer<UInt64>

    /// The prime.
    private static func writePrime(to number: Limbs) {
        let prime: InlineArray<12, UInt64> = [
            0x0000_0000_0009_0563, 0xf44c_42e9_a63a_3621, 0xe485_b576_625e_7ec6, 0x4fe1_356d_6d51_c245,
            0x302b_0a6d_f25f_1437, 0xef95_19b3_cd3a_431b, 0x514a_0879_8e34_04dd, 0x020b_bea6_3b13_9b22,
            0x2902_4e08_8a67_cc74, 0xc4c6_628b_80dc_1cd1, 0xc90f_daa2_2168_c234, 0xffff_ffff_ffff_ffff,
        ]
        for index in 0..<Self.limbs { number[index] = prime[index] }
    }

    /// R² modulo the prime: what turns a number into Montgomery's form.
    private static func writeSquare(to number: Limbs) {
        let square: InlineArray<12, UInt64> = [
            0x95f0_1940_4628_1a8e, 0xff0c_a2a3_d838_c985, 0x6d9f_1759_93af_6d83, 0xd4c8_5168_a99a_751f,
            0x3423_ecee_2ddc_6158, 0xd515_b23c_d4ac_e6dd, 0x112c_e562_82e5_1749, 0x3361_bff3_3a35_e04b,
            0xafbc_0835_54e8_5ee3, 0xa95d_0ecb_c567_9266, 0x8d00_1cb9_8c6f_28c7, 0xa613_0c9d_54da_3d53,
        ]
        for index in 0..<Self.limbs { number[index] = square[index] }
    }

    /// Whether the 96 bytes are a number from 2 to the prime less 2.
    static func isPublicKey(_ bytes: UnsafePointer<UInt8>) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * Self.limbs) { room in
            guard let number = room.baseAddress else { return false }
            let limit = number + Self.limbs
            Self.read(bytes, into: number)
            Self.writePrime(to: limit)
            limit[0] -= 1
            guard Self.isLess(number, than: limit) else { return false }
            return number[0] > 1 || (1..<Self.limbs).contains { number[$0] != 0 }
        }
    }

    /// Writes `base` (96 big-endian bytes below the prime; 2 where it is nil) to the power of the big-endian exponent of
    /// `count` bytes, as 96 bytes.
    static func power(
        _ base: UnsafePointer<UInt8>?, _ exponent: UnsafePointer<UInt8>, count: Int,
        into result: UnsafeMutablePointer<UInt8>
    ) {
        let powers = 1 << Self.window
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (powers + 4) * Self.limbs + 2) { room in
            guard let table = room.baseAddress else { return }
            let prime = table + powers * Self.limbs
            let sum = prime + Self.limbs
            let one = sum + Self.limbs
            let work = one + Self.limbs
            Self.writePrime(to: prime)
            one.update(repeating: 0, count: Self.limbs)
            one[0] = 1
            Self.writeTable(table, base, powers: powers, one: one, prime: prime, work: work)
            sum.update(from: table, count: Self.limbs)
            for index in 0..<2 * count {
                let digit = Int(exponent[index >> 1] >> UInt8(index & 1 == 0 ? Self.window : 0)) & (powers - 1)
                for _ in 0..<Self.window { Self.multiply(sum, sum, into: sum, prime: prime, work: work) }
                Self.multiply(sum, table + digit * Self.limbs, into: sum, prime: prime, work: work)
            }
            Self.multiply(sum, one, into: sum, prime: prime, work: work)
            Self.write(sum, to: result)
            room.update(repeating: 0)
        }
    }

    /// Writes the powers 0, 1 … of the base in Montgomery's form.
    private static func writeTable(
        _ table: Limbs, _ base: UnsafePointer<UInt8>?, powers: Int, one: Limbs, prime: Limbs, work: Limbs
    ) {
        let first = table + Self.limbs
        let square = table + 2 * Self.limbs
        Self.writeSquare(to: square)
        Self.multiply(one, square, into: table, prime: prime, work: work)
        if let base {
            Self.read(base, into: first)
        } else {
            first.update(from: one, count: Self.limbs)
            first[0] = 2
        }
        Self.multiply(first, square, into: first, prime: prime, work: work)
        for index in 2..<powers {
            Self.multiply(
                first, table + (index - 1) * Self.limbs, into: table + index * Self.limbs, prime: prime, work: work)
        }
    }

    /// Montgomery's product; `work` has two limbs more than a number. The result may be one of the factors.
    private static func multiply(
        _ left: Limbs, _ right: Limbs, into product: Limbs, prime: Limbs, work: Limbs
    ) {
        work.update(repeating: 0, count: Self.limbs + 2)
        for index in 0..<Self.limbs {
            let digit = right[index]
            var carry: UInt64 = 0
            for place in 0..<Self.limbs { work[place] = Self.add(left[place], digit, work[place], &carry) }
            let (high, overflow) = work[Self.limbs].addingReportingOverflow(carry)
            work[Self.limbs] = high
            work[Self.limbs + 1] = overflow ? 1 : 0
            let factor = work[0] &* Self.inverse
            carry = 0
            _ = Self.add(prime[0], factor, work[0], &carry)
            for place in 1..<Self.limbs { work[place - 1] = Self.add(prime[place], factor, work[place], &carry) }
            let (next, again) = work[Self.limbs].addingReportingOverflow(carry)
            work[Self.limbs - 1] = next
            work[Self.limbs] = work[Self.limbs + 1] &+ (again ? 1 : 0)
        }
        if work[Self.limbs] != 0 || !Self.isLess(work, than: prime) { Self.subtract(prime, from: work) }
        product.update(from: work, count: Self.limbs)
    }

    /// `left` · `right` + `addend` + `carry`: its low limb; the high one is the next carry.
    @inline(__always)
    private static func add(_ left: UInt64, _ right: UInt64, _ addend: UInt64, _ carry: inout UInt64) -> UInt64 {
        let wide = left.multipliedFullWidth(by: right)
        let (first, one) = wide.low.addingReportingOverflow(addend)
        let (second, other) = first.addingReportingOverflow(carry)
        carry = wide.high &+ (one ? 1 : 0) &+ (other ? 1 : 0)
        return second
    }

    private static func subtract(_ right: Limbs, from left: Limbs) {
        var borrow: UInt64 = 0
        for index in 0..<Self.limbs {
            let (first, one) = left[index].subtractingReportingOverflow(right[index])
            let (second, other) = first.subtractingReportingOverflow(borrow)
            left[index] = second
            borrow = one || other ? 1 : 0
        }
    }

    private static func isLess(_ left: Limbs, than right: Limbs) -> Bool {
        for index in stride(from: Self.limbs - 1, through: 0, by: -1) where left[index] != right[index] {
            return left[index] < right[index]
        }
        return false
    }

    private static func read(_ bytes: UnsafePointer<UInt8>, into number: Limbs) {
        for index in 0..<Self.limbs {
            let start = bytes + 8 * (Self.limbs - 1 - index)
            number[index] = (0..<8).reduce(0) { $0 << 8 | UInt64(start[$1]) }
        }
    }

    private static func write(_ number: Limbs, to bytes: UnsafeMutablePointer<UInt8>) {
        for index in 0..<8 * Self.limbs {
            let limb = number[Self.limbs - 1 - index / 8]
            bytes[index] = UInt8(truncatingIfNeeded: limb >> UInt64(56 - 8 * (index % 8)))
        }
    }
}
