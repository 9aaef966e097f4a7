// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwarmModel
import TrackerCore
import TrackerWire

/// Answers announces and scrapes on one event loop. What every answer needs is made once and used again.
final class AnnounceService {
    /// For a peer that takes no notice of where it is sent to.
    private static let redirectionInterval = Interval.seconds(30)
    private static let redirectionPeriod = Interval.seconds(5)

    private let shards: SwarmShards
    private let counters: ServerCounters
    private let limits: LiveLimits
    private let allowsFullScrape: Bool
    private let fullScrapeLimit: Int
    private var selection = PeerSelection()

    init(
        shards: SwarmShards, counters: ServerCounters, limits: LiveLimits, configuration: TrackerServerConfiguration
    ) {
        self.limits = limits
        self.shards = shards
        self.counters = counters
        self.allowsFullScrape = configuration.allowsFullScrape
        self.fullScrapeLimit = configuration.fullScrapeLimit
    }

    /// The bencoded answer to an announce: what is wrong with it becomes a failure reason. `target` is its path and
    /// query.
    func announce(_ target: Span<UInt8>, _ parts: TrackerTarget, from address: IPAddress, at now: Instant) -> [UInt8] {
        self.counters.announces.count()
        do throws(TrackerQueryError) {
            let request = try AnnounceRequest(query: target.extracting(parts.query))
            let rules = self.limits.rules
            if !rules.isOpen,
                let no = rules.rejection(
                    of: request.infoHash, passkey: parts.passkey(in: target), from: address)
            {
                return self.refusal(no.refusal)
            }
            return self.announce(request, from: address, at: now)
        } catch {
            return self.refusal(error.description)
        }
    }

    /// The bencoded answer to a scrape.
    func scrape(_ target: Span<UInt8>, _ parts: TrackerTarget) -> [UInt8] {
        self.counters.scrapes.count()
        let rules = self.limits.rules
        do throws(TrackerQueryError) {
            let request = try ScrapeRequest(query: target.extracting(parts.query))
            if let no = rules.rejection(passkey: parts.passkey(in: target)) { return self.refusal(no.refusal) }
            guard request.infoHashes.isEmpty else {
                return self.scrape(request.infoHashes.filter { rules.rejection(of: $0) == nil })
            }
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
        if request.offersReports, request.event != .stopped, let trackers = self.shards.elsewhere(request.infoHash) {
            return self.redirection(to: trackers)
        }
        let announcement = Announcement(request, from: address, believesAddresses: address.isNeighbour)
        let decision: AnnounceDecision
        do throws(AnnounceRejection) {
            decision = try self.shards.announce(announcement, at: now, into: &self.selection)
        } catch {
            return self.refusal(error.refusal)
        }
        var response = AnnounceResponse(interval: decision.interval)
        response.minimumInterval = decision.minimumInterval
        response.complete = UInt64(decision.counts.complete)
        response.incomplete = UInt64(decision.counts.incomplete)
        response.downloaded = UInt64(decision.counts.downloaded)
        response.externalAddress = address
        if request.offersReports {
            response.reportPeriod = decision.reportPeriod
            response.successors = self.shards.successors(of: request.infoHash)
        }
        guard request.isCompact else {
            response.peers = self.selection.endpoints.map { TrackerPeer($0) }
            return AnnounceReply.accepted(response).encoded(compact: false)
        }
        return response.encoded(packedV4: self.selection.packedV4.bytes, packedV6: self.selection.packedV6.bytes)
    }

    /// A peer that reports its pieces does so to the owner of its torrent, and announces itself there: here it is not
    /// remembered. One that cannot reach the owner says nothing of reports and is served.
    private func redirection(to trackers: [String]) -> [UInt8] {
        var response = AnnounceResponse(interval: Self.redirectionInterval)
        response.owner = trackers.first
        response.successors = Array(trackers.dropFirst())
        response.reportPeriod = Self.redirectionPeriod
        return response.encoded(packedV4: [], packedV6: [])
    }

    private func scrape(_ hashes: [InfoHash]) -> [UInt8] {
        let entries = hashes.compactMap { hash in self.shards.counts(of: hash).map { Self.entry(hash, $0) } }
        return ScrapeReply.accepted(ScrapeResponse(entries: entries)).encoded
    }

    private func refusal(_ reason: String) -> [UInt8] { self.refusal(TrackerRefusal(reason: reason)) }

    private func refusal(_ refusal: TrackerRefusal) -> [UInt8] {
        self.counters.refusals.count()
        return refusal.encoded
    }

    private static func entry(_ hash: InfoHash, _ counts: SwarmCounts) -> ScrapeResponse.Entry {
        ScrapeResponse.Entry(
            infoHash: hash, complete: UInt64(counts.complete), incomplete: UInt64(counts.incomplete),
            downloaded: UInt64(counts.downloaded))
    }
}
