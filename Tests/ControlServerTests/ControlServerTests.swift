// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import FoundationEssentials
import Glibc
import Logging
import NIOCore
import NIOPosix
import SwarmModel
import Synchronization
import Testing

@Suite struct ControlServerTests {
    private static let version = #"{"jsonrpc":"2.0","id":1,"method":"daemon.version"}"#
    private static let versionAnswer =
        #"{"jsonrpc":"2.0","id":1,"result":{"protocol":\#(ControlProtocol.version),"version":"test"}}"#

    @Test func `a request is answered`() async throws {
        try await ServerFixture.run { path in
            let lines = try await TestClient.exchange(path, Self.version + "\n", lines: 1, closing: false)
            #expect(lines == [Self.versionAnswer])
        }
    }

    @Test func `a client that closed its side still gets its answers`() async throws {
        try await ServerFixture.run { path in
            let lines = try await TestClient.exchange(path, String(repeating: Self.version + "\n", count: 40))
            #expect(lines == Array(repeating: Self.versionAnswer, count: 40))
        }
    }

    @Test func `a request that comes byte by byte is answered`() async throws {
        try await ServerFixture.run { path in
            let lines = try await TestClient.exchange(path, Array((Self.version + "\n").utf8).map { [$0] })
            #expect(lines == [Self.versionAnswer])
        }
    }

    @Test func `every pipelined request is answered under its id`() async throws {
        try await ServerFixture.run { path in
            let requests = (0..<500).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"daemon.version"}"# + "\n" }
            let lines = try await TestClient.exchange(path, requests.joined())
            let ids = try lines.map { try ControlReply(line: Array($0.utf8)).id }
            #expect(Set(ids) == Set((0..<500).map(RequestID.number)))
        }
    }

    @Test func `a client that closed its side and reads only then gets every answer`() async throws {
        let served = Mutex(0)
        var router = ControlRouter()
        router.on(DaemonVersion.self) { _, _ in
            served.withLock { $0 += 1 }
            return .init(version: "test", protocolVersion: ControlProtocol.version)
        }
        let requests = String(repeating: Self.version + "\n", count: 500)
        let count = try await ServerFixture.run(router: router) { path in
            let socket = try LateReader(path)
            socket.send(requests)
            // As many answers as fit wait in the socket, and the others behind it, when the last request is served.
            while served.withLock({ $0 }) < 500 { await Task.yield() }
            // The server has all the time that it takes to close.
            for _ in 0..<20 { _ = try await TestClient.exchange(path, Self.version + "\n") }
            return socket.readAll().count { $0 == UInt8(ascii: "\n") }
        }
        #expect(count == 500)
    }

    @Test func `garbage gets an error and the connection stays usable`() async throws {
        try await ServerFixture.run { path in
            let lines = try await TestClient.exchange(
                path, "\u{0}garbage\n{}\n[]\n" + String(repeating: "[", count: 5_000) + "\n" + Self.version + "\n")
            #expect(lines.count == 5)
            #expect(lines.contains(Self.versionAnswer))
            #expect(lines.filter { $0.contains(#""name":"parse_error""#) }.count == 2)
            #expect(lines.filter { $0.contains(#""name":"invalid_request""#) }.count == 2)
        }
    }

    @Test func `a batch is answered by one array in order, without its notifications`() async throws {
        try await ServerFixture.run { path in
            let batch = """
                [\(Self.version),5,{"jsonrpc":"2.0","method":"daemon.version"},\
                {"jsonrpc":"2.0","id":"p","method":"torrent.pause","params":{"id":"none"}}]\n
                """
            let lines = try await TestClient.exchange(path, batch)
            #expect(lines.count == 1)
            #expect(lines[0].hasPrefix("[" + Self.versionAnswer + #",{"jsonrpc":"2.0","id":null,"error""#))
            #expect(lines[0].hasSuffix(#"{"code":-32001,"data":{"name":"not_found"},"message":"no such torrent"}}]"#))
        }
    }

    @Test func `notifications are carried out and not answered`() async throws {
        let count = Mutex(0)
        var router = ServerFixture.router
        router.on(TorrentResume.self) { _, _ throws(ControlError) in
            count.withLock { $0 += 1 }
            throw ControlError(.refused, "never seen")
        }
        try await ServerFixture.run(router: router) { path in
            let notification = #"{"jsonrpc":"2.0","method":"torrent.resume","params":{"id":"x"}}"#
            let lines = try await TestClient.exchange(path, "\(notification)\n[\(notification)]\n")
            #expect(lines.isEmpty)
        }
        #expect(count.withLock { $0 } == 2)
    }

    @Test func `an unknown method gets the nearest one`() async throws {
        try await ServerFixture.run { path in
            let lines = try await TestClient.exchange(
                path, #"{"jsonrpc":"2.0","id":1,"method":"daemon.versoin"}"# + "\n")
            #expect(lines.first?.contains("did you mean daemon.version?") == true)
        }
    }

    @Test func `a line over the limit is passed over`() async throws {
        try await ServerFixture.run(adjust: { $0.maximumLine = 100_000 }) { path in
            let piece = [UInt8](repeating: 65, count: 10_000)
            let long = Array(repeating: piece, count: 11)
            let lines = try await TestClient.exchange(path, long + [Array(("\n" + Self.version + "\n").utf8)])
            #expect(lines.count == 2)
            #expect(lines.contains(Self.versionAnswer))
            #expect(lines.contains { $0.contains("more than 100000 bytes") })
        }
    }

    @Test func `a large metainfo goes through`() async throws {
        var router = ServerFixture.router
        router.on(TorrentAdd.self) { params, _ throws(ControlError) in
            guard case .metainfo(let bytes) = params.source else { throw ControlError(.refused, "wrong source") }
            return .init(
                infoHash: .init(bytes: [UInt8](repeating: 7, count: 20))!, name: "\(bytes.bytes.count)",
                state: .checking)
        }
        try await ServerFixture.run(router: router) { path in
            let bytes = Base64Bytes([UInt8](repeating: 0xA5, count: 1 << 20))
            let line = try ControlRequest(TorrentAdd.self, .init(source: .metainfo(bytes)), id: .number(1)).line
            let lines = try await TestClient.exchange(path, [line])
            #expect(lines.first?.contains(#""name":"1048576""#) == true)
        }
    }

    @Test func `one connection has a bounded number of requests at work`() async throws {
        let most = Mutex((now: 0, most: 0))
        var router = ControlRouter()
        router.on(DaemonVersion.self) { _, _ in
            most.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<20 { await Task.yield() }
            most.withLock { $0.now -= 1 }
            return .init(version: "test", protocolVersion: 1)
        }
        let lines = try await ServerFixture.run(router: router, adjust: { $0.maximumRequests = 3 }) { path in
            try await TestClient.exchange(path, String(repeating: Self.version + "\n", count: 100))
        }
        #expect(lines.count == 100)
        #expect(most.withLock { $0.most } <= 3)
    }

    @Test func `connections beyond the limit are told so and closed`() async throws {
        try await ServerFixture.run(adjust: { $0.maximumConnections = 0 }) { path in
            let lines = try await TestClient.exchange(path, "", closing: false)
            #expect(lines.count == 1)
            #expect(lines.first?.contains(#""name":"busy""#) == true)
        }
    }

    @Test func `a client that does not read is cut off and the others are served`() async throws {
        var router = ServerFixture.router
        let big = String(repeating: "x", count: 4 << 20)
        router.on(TorrentResume.self) { _, _ in
            .init(infoHash: .init(bytes: [UInt8](repeating: 7, count: 20))!, name: big, state: .seeding)
        }
        let (messages, continuation) = AsyncStream.makeStream(of: String.self)
        var logger = Logger(label: "test") { _ in CollectingLogHandler(continuation) }
        logger.logLevel = .debug
        try await ServerFixture.run(
            router: router, logger: logger, adjust: { $0.stallLimit = .milliseconds(20) }
        ) { path in
            let idle = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelOption(.autoRead, value: false).connect(unixDomainSocketPath: path).get()
            let request = #"{"jsonrpc":"2.0","id":1,"method":"torrent.resume","params":{"id":"x"}}"# + "\n"
            try await idle.writeAndFlush(ByteBuffer(string: String(repeating: request, count: 8)))
            let lines = try await TestClient.exchange(path, Self.version + "\n")
            #expect(lines == [Self.versionAnswer])
            for await message in messages where message == "control connection broke" { break }
            try? await idle.close()
        }
    }

    @Test func `a second server at the same path is refused`() async throws {
        try await ServerFixture.run { path in
            var quiet = Logger(label: "test")
            quiet.logLevel = .critical
            let logger = quiet
            await #expect(throws: ControlServerError.alreadyServed(path: path)) {
                _ = try await ControlServer.bind(
                    .init(socket: .path(path), policy: ServerFixture.policy), router: ControlRouter(),
                    group: .singletonMultiThreadedEventLoopGroup, logger: logger)
            }
            let lines = try await TestClient.exchange(path, Self.version + "\n")
            #expect(lines == [Self.versionAnswer])
        }
    }

    @Test func `a socket that nobody serves is replaced, and gone at the end`() async throws {
        let gone = try await ServerFixture.run(adjust: { configuration in
            guard case .path(let path) = configuration.socket else { return }
            Self.leaveStaleSocket(at: path)
        }) { path in
            let lines = try await TestClient.exchange(path, Self.version + "\n")
            #expect(lines == [Self.versionAnswer])
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o660)
            return path
        }
        #expect(access(gone, F_OK) != 0)
    }

    @Test func `what is not a socket is left alone`() async throws {
        let folder = try ServerFixture.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/file"
        try Data("keep".utf8).write(to: URL(filePath: path))
        await #expect(throws: ControlServerError.notASocket(path: path)) {
            _ = try await ControlServer.bind(
                .init(socket: .path(path), policy: ServerFixture.policy), router: ControlRouter(),
                group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("keep".utf8))
    }

    @Test(arguments: ["", "/tmp/" + String(repeating: "x", count: 120), "/nowhere/at/all/socket"])
    func `a path that cannot be gets a clear error`(path: String) async throws {
        let error = await #expect(throws: ControlServerError.self) {
            _ = try await ControlServer.bind(
                .init(socket: .path(path), policy: ServerFixture.policy), router: ControlRouter(),
                group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        }
        #expect(error?.description.contains("control socket") == true)
    }

    @Test func `a socket that is handed in is served`() async throws {
        let folder = try ServerFixture.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/given"
        let descriptor = Self.boundSocket(at: path)
        #expect(listen(descriptor, 8) == 0)
        try await ServerFixture.run(adjust: { $0.socket = .descriptor(descriptor) }) { _ in
            let lines = try await TestClient.exchange(path, Self.version + "\n")
            #expect(lines == [Self.versionAnswer])
        }
        // Whoever made it goes on listening, and starts the next daemon when somebody connects.
        #expect(access(path, F_OK) == 0)
    }

    private static func leaveStaleSocket(at path: String) { close(Self.boundSocket(at: path)) }

    private static func boundSocket(at path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(outcome == 0)
        return descriptor
    }
}
