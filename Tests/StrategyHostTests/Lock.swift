// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets one test at a time use what a C function without context can reach.
final class Lock: Sendable {
    private let mutex = Mutex(())

    func locked<Value>(_ body: () throws -> Value) throws -> Value {
        try self.mutex.withLock { _ in
            try body()
        }
    }
}
