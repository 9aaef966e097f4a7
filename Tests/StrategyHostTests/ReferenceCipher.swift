// SPDX-License-Identifier: Apache-2.0

/// RC4 as textbooks have it.
struct ReferenceCipher {
    private var state = (0...255).map { UInt8($0) }
    private var i: UInt8 = 0
    private var j: UInt8 = 0

    init(key: [UInt8], dropping count: Int = 1_024) {
        var other: UInt8 = 0
        for index in 0..<256 {
            other &+= self.state[index] &+ key[index % key.count]
            self.state.swapAt(index, Int(other))
        }
        _ = self.applied(to: [UInt8](repeating: 0, count: count))
    }

    mutating func applied(to bytes: [UInt8]) -> [UInt8] {
        bytes.map { byte in
            self.i &+= 1
            self.j &+= self.state[Int(self.i)]
            self.state.swapAt(Int(self.i), Int(self.j))
            return byte ^ self.state[Int(self.state[Int(self.i)] &+ self.state[Int(self.j)])]
        }
    }
}
