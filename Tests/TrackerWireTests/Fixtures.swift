// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Public data files of other projects, which are not part of the source tree.
enum Fixtures {
    static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["SWARM_FIXTURES"] { return path }
        return #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/../shared/fixtures/public"
    }()
    static let arePresent = FileManager.default.fileExists(atPath: folder + "/MANIFEST.tsv")

    static func lines(_ path: String) throws -> [String] {
        let data = try Data(contentsOf: URL(filePath: self.folder + "/" + path))
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
