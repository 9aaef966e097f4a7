// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import Metainfo
import SwarmModel

/// The catalogues of all trackers that are configured or named, asked one after the other.
struct Catalogues: Sendable {
    let client: CatalogueClient
    /// Announce URLs of the configured trackers.
    let trackers: [String]
    let logger: Logger

    /// Entries of all configured catalogues; an entry in several of them stands once.
    func search(_ params: CatalogueSearch.Params) async throws(ControlError) -> CatalogueSearch.Result {
        var result = CatalogueSearch.Result(entries: [])
        var seen = Set<InfoHash>()
        for tracker in try self.required([]) {
            do throws(CatalogueError) {
                for record in try await self.client.search(params.text, at: tracker)
                where seen.insert(record.infoHash).inserted {
                    result.entries.append(CatalogueEntry(record, tracker: tracker))
                }
            } catch {
                result.failures.append("\(tracker): \(error)")
            }
        }
        guard !result.entries.isEmpty || result.failures.count < self.trackers.count else {
            throw ControlError(.remote, "no catalogue answered: " + result.failures.joined(separator: "; "))
        }
        result.entries = Array(result.entries.prefix(max(1, params.limit ?? 100)))
        return result
    }

    /// Registers a torrent with the catalogue of each tracker. Throws only when every one of several refused: a share
    /// that is on one of them can be found.
    func publish(_ metainfo: [UInt8], trackers: [String]) async throws(ControlError) {
        var failures: [String] = []
        for tracker in trackers {
            do throws(CatalogueError) {
                try await self.client.share(metainfo, at: tracker)
            } catch {
                failures.append("\(tracker): \(error)")
                self.logger.warning(
                    "share could not be registered",
                    metadata: ["tracker.url": "\(tracker)", "error.message": "\(error)"])
            }
        }
        guard failures.isEmpty || failures.count < trackers.count else {
            throw ControlError(
                .remote,
                "the share is seeded, but no tracker took it into its catalogue: "
                    + failures.joined(separator: "; "))
        }
    }

    /// The metainfo of the torrent with this name or info-hash (a prefix of at least four digits will do).
    func metainfo(named id: String) async throws(ControlError) -> [UInt8] {
        if let hash = InfoHash(hex: id) { return try await self.metainfo(of: hash, trackers: []) }
        var matches: [InfoHash: (record: CatalogueRecord, tracker: String)] = [:]
        var failures: [String] = []
        for tracker in try self.required([]) {
            do throws(CatalogueError) {
                for record in try await self.candidates(id, at: tracker) where matches[record.infoHash] == nil {
                    matches[record.infoHash] = (record, tracker)
                }
            } catch {
                failures.append("\(tracker): \(error)")
            }
        }
        guard matches.count <= 1 else {
            let candidates = matches.values.map { ControlCandidate(infoHash: $0.record.infoHash, name: $0.record.name) }
            throw ControlError(
                .ambiguous, "\(matches.count) shares answer to \u{201C}\(id)\u{201D}; use the info-hash",
                candidates: Array(candidates.prefix(10)))
        }
        guard let match = matches.values.first else {
            throw Self.notFound("a share called \u{201C}\(id)\u{201D}", failures)
        }
        return try await self.metainfo(of: match.record.infoHash, trackers: [match.tracker])
    }

    /// The metainfo of an info-hash, from the catalogue of any of `trackers` or of the configured ones.
    func metainfo(of infoHash: InfoHash, trackers: [String]) async throws(ControlError) -> [UInt8] {
        var failures: [String] = []
        for tracker in try self.required(trackers) {
            do throws(CatalogueError) {
                let bytes = try await self.client.metainfo(infoHash, at: tracker)
                guard let parsed = try? Metainfo(parsing: bytes), parsed.answers(to: infoHash) else {
                    throw .garbage("it sent the metainfo of something else")
                }
                return bytes
            } catch {
                failures.append("\(tracker): \(error)")
            }
        }
        throw Self.notFound("the metadata of \(infoHash)", failures)
    }

    /// A .torrent file from the web.
    func download(_ address: String) async throws(ControlError) -> [UInt8] {
        do throws(CatalogueError) {
            return try await self.client.download(address)
        } catch {
            throw ControlError(.remote, "\(address): \(error)")
        }
    }

    private func candidates(_ id: String, at tracker: String) async throws(CatalogueError) -> [CatalogueRecord] {
        let named = try await self.client.find(name: id, at: tracker)
        guard named.isEmpty, id.count >= TorrentSelector.fewestDigits, id.allSatisfy(\.isHexDigit) else { return named }
        return try await self.client.search("", at: tracker).filter { "\($0.infoHash)".hasPrefix(id.lowercased()) }
    }

    private func required(_ named: [String]) throws(ControlError) -> [String] {
        var all: [String] = []
        for tracker in named + self.trackers where !all.contains(tracker) { all.append(tracker) }
        guard !all.isEmpty else {
            throw ControlError(
                .refused,
                "no tracker is known to ask: set tracker in the [discovery] table of the configuration, or use "
                    + "a link that names one")
        }
        return all
    }

    private static func notFound(_ what: String, _ failures: [String]) -> ControlError {
        let asked = failures.isEmpty ? "no catalogue has it" : failures.joined(separator: "; ")
        return ControlError(.notFound, "\(what) could not be found: \(asked)")
    }
}

extension Metainfo {
    /// Whether the torrent goes by this name on the wire, in either version.
    fileprivate func answers(to hash: InfoHash) -> Bool {
        self.infoHash == hash || self.infoHashV2?.truncated == hash
    }
}

extension CatalogueEntry {
    fileprivate init(_ record: CatalogueRecord, tracker: String) {
        self.init(
            infoHash: record.infoHash, name: record.name, size: Int(clamping: record.size), files: record.files,
            tracker: tracker, added: record.created.map { Int($0) }, seeds: record.seeds, peers: record.leechers)
    }
}
