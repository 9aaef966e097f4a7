// SPDX-License-Identifier: Apache-2.0

/// A loaded plugin and how it has done so far.
package struct StrategyDescription: Hashable, Sendable {
    /// What it decides.
    package let kind: StrategyKind
    /// How operators call it.
    package let name: String
    /// Its own version.
    package let version: String
    /// The interface it was compiled for, as `major.minor`.
    package let interface: String
    /// What it does, one line.
    package let summary: String
    /// Where it was loaded from.
    package let path: String
    /// What may be set.
    package let options: [StrategyOption]
    /// Decisions asked of all its instances.
    package let calls: UInt64
    /// Answers that were wrong, or came late.
    package let faults: UInt64
    /// Nanoseconds that those decisions took together.
    package let nanoseconds: UInt64
    /// Whether it gave too many wrong answers, and a built-in strategy works in its place until the daemon starts again.
    package let isTurnedOff: Bool
}
