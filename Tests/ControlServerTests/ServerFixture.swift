// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import FoundationEssentials
import Glibc
import Logging
import NIOCore
import NIOPosix
import SwarmModel

/// A server on a socket in a folder of its own, gone when the body ends.
enum ServerFixture {
    static var policy: AccessPolicy {
        AccessPolicy(daemonUser: geteuid(), groupName: "swarm", groupNumber: nil, othersMayRead: false)
    }

    static func folder() throws -> String {
        var template = Array("/tmp/swctl-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXFailure(number: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A router with a few methods that need no daemon.
    static var router: ControlRouter {
        var router = ControlRouter()
        router.on(DaemonVersion.self) { _, _ in .init(version: "test", protocolVersion: ControlProtocol.version) }
        router.on(TorrentPause.self) { params, _ throws(ControlError) in
            guard params.id.text != "none" else { throw ControlError(.notFound, "no such torrent") }
            return .init(
                infoHash: .init(bytes: [UInt8](repeating: 7, count: 20))!, name: params.id.text, state: .paused)
        }
        return router
    }

    static func run<Result: Sendable>(
        router: ControlRouter = Self.router, policy: AccessPolicy = Self.policy, logger: Logger? = nil,
        adjust: (inout ControlServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/s"
        var configuration = ControlServerConfiguration(socket: .path(path), policy: policy)
        adjust(&configuration)
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let server = try await ControlServer.bind(
            configuration, router: router, group: .singletonMultiThreadedEventLoopGroup, logger: logger ?? quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let result = try await body(path)
            group.cancelAll()
            return result
        }
    }

    struct POSIXFailure: Error {
        let number: Int32
    }
}
