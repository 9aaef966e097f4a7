// SPDX-License-Identifier: Apache-2.0

/// A number of bytes, written with a unit: `"64 MiB"`, `"500 kB"`, or an integer.
package struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself, never negative.
    package let bytes: Int

    /// Takes a number of bytes, which must not be negative.
    package init(bytes: Int) {
        precondition(bytes >= 0, "a size is not negative")
        self.bytes = bytes
    }

    package static func kibibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 10) }
    package static func mebibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 20) }
    package static func gibibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 30) }

    package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    /// With the largest binary unit that divides it.
    package var description: String { Self.units.text(of: Int64(self.bytes)) }

    static let units = UnitTable(
        what: "a size", baseUnit: "B",
        units: [
            ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ],
        alsoRead: [
            ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ])
}

extension ByteCount: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        self.init(bytes: Int(try Self.units.read(node)))
    }

    var toml: String { self.description.toml }

    static var accepts: String { "a size" }
}
