// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Public data files of other projects, which are not part of the source tree.
package enum Fixtures {
    /// Where they are.
    package static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["SWARM_FIXTURES"] { return path }
        return #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/../shared/fixtures/public"
    }()
    /// Whether this machine has them.
    package static let arePresent = FileManager.default.fileExists(atPath: folder + "/MANIFEST.tsv")

    /// A whole file.
    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder + "/" + path)))
    }

    /// A text file's lines, without the empty ones.
    package static func lines(_ path: String) throws -> [String] {
        String(decoding: try self.bytes(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
