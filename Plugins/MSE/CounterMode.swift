// SPDX-License-Identifier: Apache-2.0

import CAES

/// One direction's AES-128 in counter mode, with a key that serves nothing else, so that the counter may begin at zero.
struct CounterMode: ~Copyable {
    /// Whether this processor can.
    static var isAvailable: Bool { caes_available() != 0 }

    private let key: UnsafeMutablePointer<caes_key>
    private var position: UInt64 = 0

    /// Keyed with the 16 bytes at `bytes`.
    init(key bytes: UnsafePointer<UInt8>) {
        self.key = .allocate(capacity: 1)
        self.key.initialize(to: caes_key())
        caes_expand(self.key, bytes)
    }

    deinit {
        self.key.update(repeating: caes_key(), count: 1)
        self.key.deallocate()
    }

    /// Encrypts or decrypts the next `count` bytes of the stream in place.
    mutating func apply(to bytes: UnsafeMutablePointer<UInt8>, count: Int) {
        caes_apply(self.key, self.position, bytes, count)
        self.position += UInt64(count)
    }
}
