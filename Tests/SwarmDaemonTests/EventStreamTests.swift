// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Glibc
import NIOCore
import NIOPosix
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite struct EventStreamTests {
    /// Runs a daemon that answers on a socket.
    private static func serve(
        _ body: @escaping @Sendable (String, EventJournal) throws -> Void
    ) async throws {
        try await DaemonFixture.run { daemon in
            let path = daemon.folder + "/sock"
            let policy = AccessPolicy(
                daemonUser: geteuid(), groupName: "swarm", groupNumber: nil, othersMayRead: false)
            var configuration = ControlServerConfiguration(socket: .path(path), policy: policy)
            // However slow this machine is, nobody is cut off: what is looked at here is who is dropped.
            configuration.stallLimit = .hours(1)
            let server = try await ControlServer.bind(
                configuration, router: daemon.methods.router,
                group: MultiThreadedEventLoopGroup.singleton, logger: DaemonFixture.quiet)
            let journal = daemon.methods.journal
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                // Clients are read one after another, on a thread that may block: of its own, because the daemons of
                // other tests need the shared ones.
                let thread = NIOThreadPool(numberOfThreads: 1)
                thread.start()
                do {
                    try await thread.runIfActive { try body(path, journal) }
                } catch {
                    try await thread.shutdownGracefully()
                    throw error
                }
                try await thread.shutdownGracefully()
                group.cancelAll()
            }
        }
    }

    private static func append(_ range: Range<Int>, to journal: EventJournal) {
        for number in range {
            journal.append(
                EventStatus(
                    cursor: "", time: number, event: "torrent-added", level: "notice",
                    message: "event"))
        }
    }

    @Test func `of 200 subscribers one does not read, and the others see every event in order`() async throws {
        try await Self.serve { path, journal in
            var clients = try (0..<200).map { _ in try EventClient(path) }
            defer { for client in clients { client.close() } }
            for index in clients.indices { try clients[index].read(answers: 1) }
            // More than the kernel, the connection and the journal hold for one.
            let count = 4_096
            for start in stride(from: 0, to: count, by: 256) {
                Self.append(start..<start + 256, to: journal)
                for index in clients.indices.dropFirst() { try clients[index].read(events: start + 256) }
            }
            for client in clients.dropFirst() {
                #expect(client.numbers == Array(0..<count) && client.dropped == nil)
            }
            // Now it reads what lay ready for it: the beginning, in order, then that it missed the rest.
            try clients[0].read(events: .max)
            let notice = try #require(clients[0].dropped)
            let seen = clients[0].numbers
            #expect(!seen.isEmpty && seen.count < count && seen == Array(0..<seen.count))
            // The first event has the number 1.
            #expect(notice.cursor == "00000007-1-\(seen.count)")
            // The connection is as good as before.
            clients[0].write(try ControlRequest(DaemonVersion.self, NoFields(), id: .number(2)).line)
            try clients[0].read(answers: 2)
            #expect(clients[0].answers[1].id == .number(2))
        }
    }

    @Test func `a client that went away goes on behind its cursor`() async throws {
        try await Self.serve { path, journal in
            var first = try EventClient(path)
            try first.read(answers: 1)
            Self.append(0..<10, to: journal)
            try first.read(events: 4)
            first.close()
            Self.append(10..<20, to: journal)
            var second = try EventClient(path, .init(since: "00000007-1-4"))
            try second.read(events: 16)
            #expect(second.numbers == Array(4..<20))
            second.close()
        }
    }

    @Test func `a second subscription of a connection, or one in a batch, is refused`() async throws {
        try await Self.serve { path, _ in
            var client = try EventClient(path)
            try client.read(answers: 1)
            client.write(try ControlRequest(EventsSubscribe.self, .init(), id: .number(2)).line)
            try client.read(answers: 2)
            #expect(throws: ControlError.self) { try client.answers[1].outcome.get() }
            client.close()
            var other = try EventClient(path, .init(events: ["torrent-aded"]))
            try other.read(answers: 1)
            guard case .failure(let error) = other.answers[0].outcome else {
                Issue.record("a kind that does not exist is taken")
                return
            }
            #expect(error.code == .notFound && error.candidates.map(\.name) == ["torrent-added"])
            // What failed takes no room.
            other.write(try ControlRequest(EventsSubscribe.self, .init(), id: .number(2)).line)
            try other.read(answers: 2)
            #expect(throws: Never.self) { try other.answers[1].outcome.get() }
            other.close()
        }
    }
}
