// SPDX-License-Identifier: Apache-2.0

/// A part of a program that shows the watchdog that it works.
package struct WatchedPart: Sendable {
    /// What people call it.
    package let name: String
    /// Goes through the part and back; never returns while the part does not work.
    let beat: @Sendable () async -> Void
    /// Whether all that works in this part waits for a disk at this moment. Such a part is told of, but not held dead:
    /// the kernel would not let go of its threads in a restart either, and the rest of the program still answers.
    let waitsForDisk: @Sendable () -> Bool

    /// A part and how it is asked.
    package init(
        _ name: String, waitsForDisk: @escaping @Sendable () -> Bool = { false },
        beat: @escaping @Sendable () async -> Void
    ) {
        self.name = name
        self.beat = beat
        self.waitsForDisk = waitsForDisk
    }
}
