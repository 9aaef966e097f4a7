// SPDX-License-Identifier: Apache-2.0

package import Logging
import Synchronization

/// The least important level that a program logs. Every handler that was made with it follows at once when it is set,
/// in loggers that were copied long ago too.
package final class LogVolume: Sendable {
    private let index: Atomic<Int>

    /// Starts at `level`.
    package init(_ level: Logger.Level) {
        self.index = Atomic(Self.index(of: level))
    }

    /// The level of the moment.
    package var level: Logger.Level {
        // Only `set` writes it, so the index is within.
        Logger.Level.allCases[self.index.load(ordering: .relaxed)]
    }

    /// Changes the level from the next event on.
    package func set(_ level: Logger.Level) {
        self.index.store(Self.index(of: level), ordering: .relaxed)
    }

    private static func index(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
