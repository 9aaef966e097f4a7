// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Public wire data that nobody in this project wrote.
enum Fixtures {
    static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["SWARM_FIXTURES"] { return path }
        return URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/fixtures/public")
            .path
    }()

    static let arePresent = FileManager.default.fileExists(atPath: Self.folder + "/vectors/peerwire.jsonl")

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: Self.folder + "/" + path)))
    }
}
