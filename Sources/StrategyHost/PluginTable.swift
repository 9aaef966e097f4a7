// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// Structs that a plugin fills in, as large as it knew them: older ones are shorter than this host's, newer ones longer.
enum PluginTable {
    /// Bytes of the structs as interface 1.0 had them, and of those that came later as the version had that brought them:
    /// every plugin has these.
    static let leastPlugin = 72
    static let leastPicker = 88
    static let leastChoker = 40
    static let leastTransport = 104

    /// A copy for good, as large as the host's own, zero where the plugin's ends; nil when that lacks what every version
    /// has. Plugins stay until the program ends, and so does this.
    static func copy<Table>(
        _ source: UnsafePointer<Table>, sized size: UInt32, least: Int
    ) -> UnsafePointer<Table>? {
        guard Int(size) >= least else { return nil }
        let room = UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<Table>.size, alignment: MemoryLayout<Table>.alignment)
        room.initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<Table>.size)
        room.copyMemory(from: source, byteCount: min(Int(size), MemoryLayout<Table>.size))
        return UnsafePointer(room.assumingMemoryBound(to: Table.self))
    }
}
