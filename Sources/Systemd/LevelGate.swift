// SPDX-License-Identifier: Apache-2.0

package import Logging

/// What one logger lets through: the program's volume, and what somebody asked of this very logger (`logLevel`), which
/// can only make it quieter.
package struct LevelGate: Sendable {
    private let volume: LogVolume
    private var floor: Logger.Level?

    /// A gate that follows `volume`.
    package init(_ volume: LogVolume) {
        self.volume = volume
    }

    /// The least important level that passes.
    package var level: Logger.Level {
        get { self.floor.map { max($0, self.volume.level) } ?? self.volume.level }
        set { self.floor = newValue }
    }
}
