// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Numbers of loaded plugins, 1 to 65,535.
enum PluginNumber {
    private static let last = Atomic<UInt16>(0)

    /// One that no plugin has; should so many ever have been loaded, one that an early plugin has.
    static func next() -> UInt16 {
        let number = Self.last.wrappingAdd(1, ordering: .relaxed).newValue
        return number == 0 ? Self.next() : number
    }
}
