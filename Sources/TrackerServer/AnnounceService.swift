// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwarmModel
import TrackerCore
import TrackerWire

/// Answers announces and scrapes on one event loop. What every answer needs is made once and used again.
final class AnnounceService {
    private let shards: SwarmShards
    private let counters: ServerCounters
    private let allowsFullScrape: Bool
    private let fullScrapeLimit: Int
    private var selection = PeerSelection()

    init(shards: SwarmShards, counters: ServerCounters, configuration: TrackerServerConfiguration) {
        self.shards = shards
        self.counters = counters
        self.allowsFullScrape = configuration.allowsFullScrape
        self.fullScrapeLimit = configuration.fullScrapeLimit
    }

    /// The bencoded answer to an announce: what is wrong with it becomes a failure reason.
    func announce(query: Span<UInt8>, from address: IPAddress, at now: Instant) -> [UInt8] {
        self.counters.announces.count()
        do throws(TrackerQueryError) {
            return self.announce(try AnnounceRequest(query: query), from: address, at: now)
        } catch {
            return self.refusal(error.description)
        }
    }

    /// The bencoded answer to a scrape.
    func scrape(query: Span<UInt8>) -> [UInt8] {
        self.counters.scrapes.count()
        do throws(TrackerQueryError) {
            let request = try ScrapeRequest(query: query)
            guard request.infoHashes.isEmpty else { return self.scrape(request.infoHashes) }
        } catch {
            return self.refusal(error.description)
        }
        guard self.allowsFullScrape else {
            return self.refusal("info_hash is missing: this tracker does not list all its torrents")
        }
        let entries = self.shards.torrents(limit: self.fullScrapeLimit).map(Self.entry)
        return ScrapeReply.accepted(ScrapeResponse(entries: entries)).encoded
    }

    private func announce(_ request: AnnounceRequest, from address: IPAddress, at now: Instant) -> [UInt8] {
        let announcement = Announcement(request, from: address, believesAddresses: address.isNeighbour)
        let decision: AnnounceDecision
        do throws(AnnounceRejection) {
            decision = try self.shards.announce(announcement, at: now, into: &self.selection)
        } catch {
            return self.refusal(error.description)
        }
        var response = AnnounceResponse(interval: decision.interval)
        response.minimumInterval = decision.minimumInterval
        response.complete = UInt64(decision.counts.complete)
        response.incomplete = UInt64(decision.counts.incomplete)
        response.downloaded = UInt64(decision.counts.downloaded)
        response.externalAddress = address
        guard request.isCompact else {
            response.peers = self.selection.endpoints.map { TrackerPeer($0) }
            return AnnounceReply.accepted(response).encoded(compact: false)
        }
        return response.encoded(packedV4: self.selection.packedV4.bytes, packedV6: self.selection.packedV6.bytes)
    }

    private func scrape(_ hashes: [InfoHash]) -> [UInt8] {
        let entries = hashes.compactMap { hash in self.shards.counts(of: hash).map { Self.entry(hash, $0) } }
        return ScrapeReply.accepted(ScrapeResponse(entries: entries)).encoded
    }

    private func refusal(_ reason: String) -> [UInt8] {
        self.counters.refusals.count()
        return TrackerRefusal(reason: reason).encoded
    }

    private static func entry(_ hash: InfoHash, _ counts: SwarmCounts) -> ScrapeResponse.Entry {
        ScrapeResponse.Entry(
            infoHash: hash, complete: UInt64(counts.complete), incomplete: UInt64(counts.incomplete),
            downloaded: UInt64(counts.downloaded))
    }
}
