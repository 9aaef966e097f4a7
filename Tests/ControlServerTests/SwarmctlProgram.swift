// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import NIOPosix

/// The built `swarmctl`, run as a user would.
struct SwarmctlProgram: Sendable {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Where the build put it; nil when only this room was built.
    static let path: String? = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? "/proc/self/exe"
        var space = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard realpath(bundle, &space) != nil else { return nil }
        let real = String(decoding: space.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var parts = real.split(separator: "/").map(String.init)
        while let last = parts.popLast() {
            let folder = "/" + parts.joined(separator: "/")
            if access(folder + "/swarmctl", X_OK) == 0 { return folder + "/swarmctl" }
            if last.hasSuffix(".xctest") { return nil }
        }
        return nil
    }()

    /// A folder of its own: the working directory of the program.
    let folder: String

    /// Runs it to its end, on a thread that may block.
    func run(_ arguments: [String], environment: [String] = []) async throws -> Outcome {
        try await NIOThreadPool.singleton.runIfActive { try self.runBlocking(arguments, environment) }
    }

    private func runBlocking(_ arguments: [String], _ environment: [String]) throws -> Outcome {
        let stem = self.folder + "/\(UInt64.random(in: 0 ... .max))"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, stem + ".out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, stem + ".err", O_WRONLY | O_CREAT, 0o600)
        // env changes the folder: posix_spawn's own way to do so is hidden behind _GNU_SOURCE.
        var words = (["env", "-C", self.folder, Self.path ?? ""] + arguments).map { strdup($0) } + [nil]
        var variables = (["PATH=/usr/bin:/bin"] + environment).map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, "/usr/bin/env", &actions, nil, &words, &variables)
        guard failure == 0 else { throw ServerFixture.POSIXFailure(number: failure) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return Outcome(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F),
            output: try Self.text(stem + ".out"), errors: try Self.text(stem + ".err"))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
