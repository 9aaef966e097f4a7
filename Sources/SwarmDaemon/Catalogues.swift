// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import Metainfo
import SwarmConfig
import SwarmEvents
import SwarmModel

/// The catalogues of all trackers that are configured or named, asked at the same time: one that does not answer keeps
/// nobody waiting for the others.
struct Catalogues: Sendable {
    let client: CatalogueClient
    let running: RunningConfiguration
    let logger: Logger

    /// Announce URLs of the configured trackers.
    private var trackers: [String] { self.running.current.discovery.tracker }

    /// Entries that a search gives when nobody says how many.
    private static let usualLimit = 100
    /// Catalogues that are asked for one thing: a link may name very many trackers.
    private static let askedLimit = 32

    /// Entries of all configured catalogues; an entry in several of them stands once.
    func search(_ params: CatalogueSearch.Params) async throws(ControlError) -> CatalogueSearch.Result {
        let client = self.client
        let answers = await Self.ask(try self.required([])) { tracker throws(CatalogueError) in
            try await client.search(params.text, at: tracker)
        }
        var result = CatalogueSearch.Result(entries: [])
        var seen = Set<InfoHash>()
        for (tracker, answer) in answers {
            switch answer {
            case .success(let records):
                result.entries += records.filter { seen.insert($0.infoHash).inserted }
                    .map { CatalogueEntry($0, tracker: tracker) }
            case .failure(let error): result.failures.append("\(tracker): \(error)")
            }
        }
        guard result.failures.count < answers.count else {
            throw ControlError(.remote, "no catalogue answered: " + result.failures.joined(separator: "; "))
        }
        result.entries = Array(result.entries.prefix(max(1, params.limit ?? Self.usualLimit)))
        return result
    }

    /// Registers a torrent with the catalogue of each tracker. Throws only when every one of several refused: a share
    /// that is on one of them can be found.
    func publish(_ metainfo: [UInt8], trackers: [String]) async throws(ControlError) {
        let client = self.client
        let answers = await Self.ask(trackers) { tracker throws(CatalogueError) in
            _ = try await client.share(metainfo, at: tracker)
        }
        self.log(answers, of: metainfo)
        let failures = Self.failures(of: answers)
        guard failures.isEmpty || failures.count < trackers.count else {
            throw ControlError(
                .remote,
                "the share is seeded, but no tracker took it into its catalogue: "
                    + failures.joined(separator: "; "))
        }
    }

    private func log(_ answers: [(tracker: String, answer: Result<Void, CatalogueError>)], of bytes: [UInt8]) {
        guard let metainfo = try? Metainfo(parsing: bytes) else { return }
        let fields: Logger.Metadata = ["torrent.id": "\(metainfo.infoHash)", "torrent.name": "\(metainfo.name)"]
        for (tracker, answer) in answers {
            let url = LoggedURL(tracker)
            switch answer {
            case .success:
                self.logger.event(
                    .shareRegistered, "\(metainfo.name) is in the catalogue of \(url)",
                    fields.merging(["tracker.url": "\(url)"]) { $1 })
            case .failure(let error):
                let reason = url.cleaned("\(error)")
                self.logger.event(
                    .shareUnregistered, "\(metainfo.name) could not be registered with \(url): \(reason)",
                    fields.merging(["tracker.url": "\(url)", "error.message": "\(reason)"]) { $1 })
            }
        }
    }

    /// The metainfo of the torrent with this name or info-hash (a prefix of at least four digits will do).
    func metainfo(named id: String) async throws(ControlError) -> [UInt8] {
        if let hash = InfoHash(hex: id) ?? InfoHashV2(hex: id)?.truncated {
            return try await self.metainfo(of: hash, trackers: [])
        }
        let answers = await Self.ask(try self.required([])) { tracker throws(CatalogueError) in
            try await self.candidates(id, at: tracker)
        }
        var matches: [(record: CatalogueRecord, tracker: String)] = []
        for (tracker, answer) in answers {
            guard case .success(let records) = answer else { continue }
            for record in records where !matches.contains(where: { $0.record.infoHash == record.infoHash }) {
                matches.append((record, tracker))
            }
        }
        guard matches.count <= 1 else {
            let candidates = matches.map { ControlCandidate(infoHash: $0.record.infoHash, name: $0.record.name) }
            throw ControlError(
                .ambiguous,
                "\u{201C}\(id)\u{201D} means \(matches.count) torrents of the catalogue; use the info-hash",
                candidates: Array(candidates.prefix(TorrentSelector.mostCandidates)))
        }
        guard let match = matches.first else {
            let similar = (try? await self.search(CatalogueSearch.Params(text: id)))?.entries ?? []
            throw Self.notFound("\u{201C}\(id)\u{201D}", answers, similar: similar)
        }
        return try await self.metainfo(of: match.record.infoHash, trackers: [match.tracker])
    }

    /// The metainfo of an info-hash, from the catalogue of any of `trackers` or of the configured ones.
    func metainfo(of infoHash: InfoHash, trackers: [String]) async throws(ControlError) -> [UInt8] {
        let client = self.client
        let answers = await Self.ask(try self.required(trackers), until: { _ in true }) {
            tracker throws(CatalogueError) in
            let bytes = try await client.metainfo(infoHash, at: tracker)
            guard let parsed = try? Metainfo(parsing: bytes), parsed.answers(to: infoHash) else {
                throw .garbage("it sent the metainfo of something else")
            }
            return bytes
        }
        for (_, answer) in answers {
            if case .success(let bytes) = answer { return bytes }
        }
        throw Self.notFound("\(infoHash)", answers)
    }

    /// A .torrent file from the web.
    func download(_ address: String) async throws(ControlError) -> [UInt8] {
        do throws(DownloadError) {
            return try await self.client.download(address)
        } catch {
            throw ControlError(Self.code(for: error), error.description(of: address))
        }
    }

    private static func code(for error: DownloadError) -> ControlErrorCode {
        switch error {
        case .unsupported: .refused
        case .timedOut: .timeout
        case .cancelled: .cancelled
        case .unreachable, .tooManyRedirects, .badRedirect, .tooLarge, .status, .webPage, .empty: .remote
        }
    }

    private func candidates(_ id: String, at tracker: String) async throws(CatalogueError) -> [CatalogueRecord] {
        let named = try await self.client.find(name: id, at: tracker)
        guard named.isEmpty, id.count >= TorrentSelector.fewestDigits, id.allSatisfy(\.isHexDigit) else { return named }
        return try await self.client.search("", at: tracker).filter { "\($0.infoHash)".hasPrefix(id.lowercased()) }
    }

    private func required(_ named: [String]) throws(ControlError) -> [String] {
        var all: [String] = []
        for tracker in self.trackers + named where !all.contains(tracker) { all.append(tracker) }
        guard !all.isEmpty else {
            throw ControlError(
                .refused,
                "no tracker is known to ask: set tracker in the [discovery] table of the configuration, or use "
                    + "a link that names one")
        }
        return Array(all.prefix(Self.askedLimit))
    }

    /// What each tracker says, in the order of `trackers`; asked at the same time, those left alone that are still
    /// asked when an answer is `enough`.
    private static func ask<Value: Sendable>(
        _ trackers: [String], until enough: @Sendable (Value) -> Bool = { _ in false },
        _ question: @escaping @Sendable (String) async throws(CatalogueError) -> Value
    ) async -> [(tracker: String, answer: Result<Value, CatalogueError>)] {
        await withTaskGroup(of: (Int, Result<Value, CatalogueError>).self) { group in
            for (index, tracker) in trackers.enumerated() {
                group.addTask {
                    do throws(CatalogueError) {
                        return (index, .success(try await question(tracker)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var answers: [Int: Result<Value, CatalogueError>] = [:]
            for await (index, answer) in group {
                answers[index] = answer
                if case .success(let value) = answer, enough(value) { group.cancelAll() }
            }
            return trackers.enumerated().compactMap { index, tracker in answers[index].map { (tracker, $0) } }
        }
    }

    private static func failures<Value>(
        of answers: [(tracker: String, answer: Result<Value, CatalogueError>)]
    ) -> [String] {
        answers.compactMap { tracker, answer in
            if case .failure(let error) = answer { "\(tracker): \(error)" } else { nil }
        }
    }

    /// Names every tracker that was asked, and what it said.
    private static func notFound<Value>(
        _ what: String, _ answers: [(tracker: String, answer: Result<Value, CatalogueError>)],
        similar: [CatalogueEntry] = []
    ) -> ControlError {
        let words = answers.map { tracker, answer in
            if case .failure(let error) = answer { "\(tracker): \(error)" } else { "\(tracker): nothing of that name" }
        }
        let hint = similar.isEmpty ? "" : "; similar names exist"
        return ControlError(
            .notFound, "no catalogue has \(what) (\(words.joined(separator: "; ")))\(hint)",
            candidates: similar.prefix(TorrentSelector.mostCandidates).map {
                ControlCandidate(infoHash: $0.infoHash, name: $0.name)
            })
    }
}

extension CatalogueEntry {
    fileprivate init(_ record: CatalogueRecord, tracker: String) {
        self.init(
            infoHash: record.infoHash, name: record.name, size: Int(clamping: record.size), files: record.files,
            tracker: tracker, added: record.created.map { Int($0) }, seeds: record.seeds, peers: record.leechers)
    }
}
