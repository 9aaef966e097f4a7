// SPDX-License-Identifier: Apache-2.0

import DHT
import Discovery
import Logging
import SwarmModel
import Testing

/// Nodes of the hash table as the daemon runs them, which reach each other by calls instead of sockets.
@Suite(.timeLimit(.minutes(15)))
struct HashTableTests {
    /// Who is where.
    private final class Network: Sendable {
        let tables = LockedBox<[PeerEndpoint: HashTable]>([:])
        let sent = LockedBox(0)

        func start(_ table: HashTable, at endpoint: PeerEndpoint, port: UInt16? = nil) async {
            self.tables.withLock { $0[endpoint] = table }
            await table.start(
                HashTable.Connection(families: .v4, port: port) { datagram, target in
                    self.sent.withLock { $0 += 1 }
                    guard let first = datagram.first, HashTable.claims(firstByte: first) else { return }
                    self.tables.withLock { $0[target] }?.receive(datagram, from: endpoint)
                })
        }
    }

    private static func endpoint(_ index: Int) -> PeerEndpoint {
        PeerEndpoint(address: IPAddress(v4: 0x0a00_0001 + UInt32(index)), port: 6_881)
    }

    private static func table(_ snapshot: [UInt8] = [], log: AsyncStream<String>.Continuation? = nil) -> HashTable {
        var configuration = HashTable.Configuration()
        configuration.bootstrap = ["10.0.0.1:6881", "no port", "[::1]:7"]
        configuration.snapshot = snapshot
        var logger = Logger(label: "test") { _ in LineHandler(lines: log) }
        logger.logLevel = .debug
        return HashTable(configuration, logger: logger)
    }

    /// Hands on what is logged.
    private struct LineHandler: LogHandler {
        let lines: AsyncStream<String>.Continuation?
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) { self.lines?.yield("\(event.message)") }
    }

    @Test func `what one announces another finds, and keeps the nodes for its next run`() async throws {
        let network = Network()
        var tables: [HashTable] = []
        let (lines, log) = AsyncStream.makeStream(of: String.self)
        var iterator = lines.makeAsyncIterator()
        for index in 0..<12 {
            let table = Self.table(log: index > 8 ? log : nil)
            tables.append(table)
            await network.start(table, at: Self.endpoint(index), port: 4_000 + UInt16(index))
            // Those before join while there are fewer nodes than it takes to say so.
            if index > 8 { while let line = await iterator.next(), !line.contains("is reached") {} }
            while index > 0, await table.status?.nodes == 0 { await Task.yield() }
        }
        let torrent = try #require(InfoHash(hex: "0123456789abcdef0123456789abcdef01234567"))
        await tables[10].add(torrent, isSeed: true) { _ in }
        while let line = await iterator.next(), !line.contains("searched") {}
        let seeker = tables[11]
        let found = await withCheckedContinuation { continuation in
            let once = LockedBox<CheckedContinuation<[PeerEndpoint], Never>?>(continuation)
            Task {
                await seeker.add(torrent, isSeed: false) { peers in
                    once.withLock { box in
                        box?.resume(returning: peers)
                        box = nil
                    }
                }
            }
        }
        #expect(found == [PeerEndpoint(address: Self.endpoint(10).address, port: 4_010)])
        while let line = await iterator.next(), !line.contains("searched") {}
        let report = try #require(await tables[11].report(torrent))
        // At the eight nodes that are nearest, of which a busy machine may have let one answer too late.
        #expect(report.last.peers == 1 && (1...8).contains(report.last.announced) && report.nodes >= 8)
        #expect(await tables[11].searchNow(torrent) != nil)
        #expect(await tables[11].searchNow(InfoHash(Bytes20())) == nil)

        // Another run knows where to begin by itself.
        let snapshot = try #require(await tables[11].snapshot)
        let (again, againLog) = AsyncStream.makeStream(of: String.self)
        var configuration = HashTable.Configuration()
        configuration.snapshot = snapshot
        let next = HashTable(configuration, logger: Logger(label: "test") { _ in LineHandler(lines: againLog) })
        await tables[11].stop()
        #expect(await tables[11].status == nil)
        await network.start(next, at: Self.endpoint(11))
        var others = again.makeAsyncIterator()
        while let line = await others.next(), !line.contains("is reached") {}
        #expect(await next.status?.nodes ?? 0 >= 8)
        for table in tables + [next] { await table.stop() }
    }

    @Test func `what is not started or has stopped does nothing`() async {
        let table = Self.table()
        let torrent = InfoHash(Bytes20())
        await table.add(torrent, isSeed: true) { _ in }
        table.receive(Array("d1:t2:aae".utf8), from: Self.endpoint(3))
        #expect(await table.report(torrent) == nil)
        #expect(await table.snapshot == nil)
        await table.stop()
        #expect(await table.status == nil)
    }

    @Test func `a flood waits in a bounded place`() async {
        let network = Network()
        let table = Self.table()
        await network.start(table, at: Self.endpoint(0))
        let query = KRPCMessage(
            transaction: [1], .query(KRPCQuery(sender: NodeID(Bytes20()), .ping))
        ).encoded
        for index in 0..<20_000 { table.receive(query, from: Self.endpoint(1_000 + index)) }
        var handled: UInt64 = 0
        while handled == 0 {
            let status = await table.status
            handled = (status?.queriesAnswered ?? 0) + (status?.queriesDropped ?? 0)
            await Task.yield()
        }
        #expect(network.sent.withLock { $0 } <= 2 * (QueryAllowance.totalBurst + 20 * QueryAllowance.totalPerSecond))
        await table.stop()
    }
}
