// SPDX-License-Identifier: Apache-2.0

import Database
import Glibc
import Logging
import Metainfo
import NIOCore
import NIOPosix
import SwarmEvents
import SwarmModel
import Synchronization
import TrackerCore

/// The torrents that people shared: metadata only. Lives on a thread of its own, because parsing and SQLite may take
/// their time; event loops hand it questions and go on. Beside its thread only that of the cluster takes the lock.
final class Catalogue: Sendable {
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let isBusy = Atomic<Bool>(false)
    private let store: Mutex<CatalogueStore>
    private let limits: LiveLimits
    private let shards: SwarmShards
    private let logger: Logger

    /// Opens the catalogue in `folder`, or one that is forgotten with the process.
    init(folder: String?, limits: LiveLimits, shards: SwarmShards, logger: Logger) throws(TrackerServerError) {
        self.limits = limits
        self.shards = shards
        self.logger = logger
        do throws(DatabaseError) {
            self.store = Mutex(try CatalogueStore(path: folder.map { $0 + "/catalogue.sqlite" } ?? ":memory:"))
        } catch {
            throw TrackerServerError("the catalogue cannot be opened: \(error)")
        }
        self.thread.start()
    }

    /// Answers what has been asked and then ends the thread.
    func stop() async {
        try? await self.thread.shutdownGracefully()
    }

    /// Answers one question on the catalogue's thread. `body` is the torrent file to register.
    func ask(
        _ question: CatalogueQuestion, body: [UInt8], isLoopback: Bool, on eventLoop: any EventLoop
    ) -> EventLoopFuture<HTTPReply> {
        self.thread.runIfActive(eventLoop: eventLoop) {
            self.isBusy.store(true, ordering: .relaxed)
            defer { self.isBusy.store(false, ordering: .relaxed) }
            return self.store.withLock { self.answer(question, body, isLoopback: isLoopback, from: &$0) }
        }
    }

    /// For the cluster's thread, which may wait.
    func withStore<Value: Sendable>(
        _ body: @Sendable (inout CatalogueStore) throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> Value {
        try self.store.withLock { store throws(DatabaseError) in try body(&store) }
    }

    /// From now on changes are written down for the other nodes of a cluster.
    func notesChanges() {
        self.store.withLock { $0.notesChanges = true }
    }

    /// Takes a torrent that was registered with another node, within the limits here. False when it is not taken.
    func adopt(_ bytes: [UInt8], token: String) throws(DatabaseError) -> Bool {
        guard let metainfo = try? Metainfo(parsing: bytes) else { return false }
        let limits = self.limits.catalogue
        return try self.store.withLock { store throws(DatabaseError) in
            guard try store.entry(.short(metainfo.infoHash)) == nil else { return true }
            guard store.count < limits.entries, store.byteCount + bytes.count <= limits.totalBytes else { return false }
            store.notesChanges = false
            defer { store.notesChanges = true }
            try store.insert(CatalogueEntry(metainfo, created: Int64(time(nil))), bytes: bytes, token: token)
            return true
        }
    }

    /// Forgets a torrent that was removed at another node.
    func drop(_ infoHash: InfoHash) throws(DatabaseError) {
        try self.store.withLock { store throws(DatabaseError) in
            store.notesChanges = false
            defer { store.notesChanges = true }
            try store.remove(.short(infoHash))
        }
    }

    /// Returns once the catalogue's thread has come to it: a round trip for the watchdog.
    func heartbeat() async {
        // Once the thread has ended, the program ends.
        try? await self.thread.runIfActive {}
    }

    /// Whether the thread is inside a question: when this lasts, the disk does not answer.
    var isOccupied: Bool { self.isBusy.load(ordering: .relaxed) }

    private func answer(
        _ question: CatalogueQuestion, _ body: [UInt8], isLoopback: Bool, from store: inout CatalogueStore
    ) -> HTTPReply {
        do {
            switch question {
            case .register(let token): return try self.register(body, token: token, in: &store)
            case .list(let filter): return try self.list(filter, store)
            case .entry(let key): return try self.entry(key, store)
            case .metainfo(let key): return try self.metainfo(key, store)
            case .remove(let key, let token):
                return try self.remove(key, token: token, isLoopback: isLoopback, from: &store)
            case .overview(let page): return try self.overview(page, store)
            }
        } catch let fault as CatalogueFault {
            return fault.reply
        } catch {
            self.logger.event(.catalogueFailed, "the catalogue failed: \(error)", ["error.message": "\(error)"])
            return CatalogueFault.storage.reply
        }
    }

    private func register(_ bytes: [UInt8], token: String?, in store: inout CatalogueStore) throws -> HTTPReply {
        guard !bytes.isEmpty else { throw CatalogueFault.notTorrent("the body is empty") }
        let metainfo: Metainfo
        do throws(MetainfoError) {
            metainfo = try Metainfo(parsing: bytes)
        } catch {
            throw CatalogueFault.notTorrent(error.description)
        }
        let key = CatalogueKey.short(metainfo.infoHash)
        if let known = try store.entry(key) {
            let isSharer = try token != nil && store.token(key) == token
            return self.reply(.ok, known, isNew: false, token: isSharer ? token : nil)
        }
        let limits = self.limits.catalogue
        guard store.count < limits.entries else { throw CatalogueFault.full("it holds \(limits.entries) torrents") }
        guard store.byteCount + bytes.count <= limits.totalBytes else {
            throw CatalogueFault.full("its torrent files have \(limits.totalBytes) bytes")
        }
        let entry = CatalogueEntry(metainfo, created: Int64(time(nil)))
        let token = token ?? Self.freshToken()
        try store.insert(entry, bytes: bytes, token: token)
        return self.reply(.created, entry, isNew: true, token: token)
    }

    private func list(_ filter: CatalogueFilter, _ store: CatalogueStore) throws -> HTTPReply {
        let rows = self.limits.catalogue.rows
        let entries = try store.list(filter, limit: min(filter.limit ?? rows, rows))
        var json = JSONWriter()
        json.list { json in
            for entry in entries { json.object { self.write(entry, to: &$0) } }
        }
        return HTTPReply(.ok, .json, json.bytes)
    }

    private func entry(_ key: CatalogueKey, _ store: CatalogueStore) throws -> HTTPReply {
        guard let entry = try store.entry(key) else { throw Self.unknown }
        var json = JSONWriter()
        json.object { self.write(entry, to: &$0) }
        return HTTPReply(.ok, .json, json.bytes)
    }

    private func metainfo(_ key: CatalogueKey, _ store: CatalogueStore) throws -> HTTPReply {
        guard let bytes = try store.metainfo(key) else { throw Self.unknown }
        return HTTPReply(.ok, .torrent, bytes)
    }

    private func remove(
        _ key: CatalogueKey, token: String?, isLoopback: Bool, from store: inout CatalogueStore
    ) throws -> HTTPReply {
        guard let entry = try store.entry(key), let expected = try store.token(key) else {
            throw Self.unknown
        }
        guard isLoopback || token.map({ Self.isEqual($0, expected) }) == true else { throw CatalogueFault.forbidden }
        try store.remove(key)
        var json = JSONWriter()
        json.object { $0.field("removed", entry.infoHash.description) }
        return HTTPReply(.ok, .json, json.bytes)
    }

    private func overview(_ page: OverviewPage, _ store: CatalogueStore) throws -> HTTPReply {
        var names: [InfoHash: String] = [:]
        for row in page.rows { names[row.infoHash] = try store.entry(.short(row.infoHash))?.name }
        return page.reply(names: names)
    }

    private func reply(_ status: HTTPReply.Status, _ entry: CatalogueEntry, isNew: Bool, token: String?) -> HTTPReply {
        var json = JSONWriter()
        json.object { json in
            self.write(entry, to: &json)
            json.field("new", isNew)
            if let token { json.field("token", token) }
        }
        return HTTPReply(status, .json, json.bytes)
    }

    private func write(_ entry: CatalogueEntry, to json: inout JSONWriter) {
        var seeds = 0
        var leechers = 0
        for hash in Set([entry.infoHash, entry.infoHashV2?.truncated].compactMap { $0 }) {
            guard let counts = self.shards.counts(of: hash) else { continue }
            seeds += counts.complete
            leechers += counts.incomplete
        }
        entry.write(to: &json, seeds: seeds, leechers: leechers)
    }

    private static let unknown = CatalogueFault.notFound("the catalogue has no torrent of this info-hash")

    private static func freshToken() -> String {
        var random = SystemRandomNumberGenerator()
        return Hexadecimal.encode((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Takes as long for a wrong token as for the right one.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
