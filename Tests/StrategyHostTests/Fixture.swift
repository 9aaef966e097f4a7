// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import StrategyHost
import SwarmModel
import Swarming
import Testing

enum Fixture {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let geometry = Fixture.geometry(pieces: 100)

    static func geometry(pieces: Int) -> TorrentGeometry {
        TorrentGeometry(totalLength: UInt64(pieces) * 65536, pieceLength: 65536)!
    }

    /// Finds the plugins beside the test bundle.
    static func host(_ folders: [String] = [], requireRootOwned: Bool = false) -> StrategyHost {
        StrategyHost(pluginFolders: folders, requireRootOwned: requireRootOwned, logger: Fixture.quiet)
    }

    /// Whether the build left the plugins beside the test bundle.
    static var hasPlugins: Bool { Fixture.path(of: "rarest-first") != nil && Fixture.path(of: "tit-for-tat") != nil }

    static func path(of name: String) -> String? {
        Fixture.host().installed().strategies.first { $0.name == name }?.path
    }

    /// A fresh folder, writable by its owner only, for the length of `body`.
    static func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/swarm-strategy-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer {
            let names = ["rarest-first", "other", "x", "made", "a", "b", "d", "z"].map { $0 + ".so" }
            for name in names + ["trace"] { unlink(folder + "/" + name) }
            rmdir(folder)
        }
        try body(folder)
    }

    static func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    static func error(_ body: () throws -> Void) -> StrategyError? {
        do {
            try body()
            return nil
        } catch {
            return error as? StrategyError
        }
    }
}
