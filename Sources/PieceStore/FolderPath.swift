// SPDX-License-Identifier: Apache-2.0

/// A path below the download folder, compared by its bytes as the file system does: `String` would take two ways to
/// write "é" for one.
struct FolderPath: Hashable, Sendable {
    /// From the download folder down; empty for the download folder itself.
    let names: [String]
    private let bytes: [UInt8]

    init(_ names: some Sequence<String>) {
        self.names = Array(names)
        self.bytes = Array(self.names.joined(separator: "/").utf8)
    }

    /// The folder it lies in; nil for the download folder itself.
    var parent: FolderPath? { self.names.isEmpty ? nil : FolderPath(self.names.dropLast()) }

    static func == (left: FolderPath, right: FolderPath) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) { hasher.combine(self.bytes) }
}
