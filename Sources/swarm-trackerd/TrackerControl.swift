// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Logging
import SwarmEvents
import SwarmModel
import TrackerCore
import TrackerServer

/// What each method of the tracker's control socket does.
struct TrackerControl: Sendable {
    private static let torrents = 100
    private static let peers = 1000
    private static let most = 100_000
    private static let shortestPrefix = 4

    let server: TrackerServer
    let version: String
    let logger: Logger
    let started = ContinuousClock.now

    /// All methods, ready to be served.
    var router: ControlRouter {
        var router = ControlRouter()
        router.on(DaemonVersion.self) { _, _ in
            DaemonVersion.Result(version: self.version, protocolVersion: ControlProtocol.version)
        }
        router.on(TrackerStats.self) { _, _ in self.stats }
        router.on(TrackerTorrents.self) { params, _ in self.list(params) }
        router.on(TrackerPeers.self) { params, _ throws(ControlError) in try self.peers(params) }
        router.on(TrackerBan.self) { params, caller throws(ControlError) in try self.ban(params, caller) }
        router.on(TrackerUnban.self) { params, caller throws(ControlError) in try self.unban(params, caller) }
        router.on(TrackerBans.self) { _, _ in TrackerBans.Result(bans: self.server.bans) }
        return router
    }

    private var stats: TrackerStats.Result {
        let overview = self.server.overview
        let cluster = self.server.clusterStatus
        return TrackerStats.Result(
            version: self.version, uptime: Int((ContinuousClock.now - self.started) / .seconds(1)),
            torrents: overview.torrents, peers: overview.seeds + overview.leechers, seeds: overview.seeds,
            announces: Int(clamping: overview.announces), scrapes: Int(clamping: overview.scrapes),
            refusals: Int(clamping: overview.refusals), reporters: overview.reporters, mapBytes: overview.mapBytes,
            bans: self.server.bans.count, nodes: cluster?.nodes, isConnected: cluster?.isConnected)
    }

    private func list(_ params: TrackerTorrents.Params) -> TrackerTorrents.Result {
        let limit = min(max(params.limit ?? Self.torrents, 0), Self.most)
        let torrents = self.server.largestTorrents(limit).map { torrent in
            TrackedTorrentStatus(
                infoHash: torrent.infoHash, seeds: torrent.counts.complete, leechers: torrent.counts.incomplete,
                downloaded: Int(torrent.counts.downloaded))
        }
        return TrackerTorrents.Result(torrents: torrents, total: self.server.overview.torrents)
    }

    private func peers(_ params: TrackerPeers.Params) throws(ControlError) -> TrackerPeers.Result {
        guard params.id.utf8.count >= Self.shortestPrefix, params.id.allSatisfy(\.isHexDigit) else {
            throw ControlError(
                .invalidParams,
                "a torrent is named by the first digits of its info-hash, at least \(Self.shortestPrefix)")
        }
        let found = self.server.torrents(beginningWith: params.id, limit: 10)
        guard let infoHash = found.first else {
            throw ControlError(.notFound, "nobody takes part in a torrent that begins with \(params.id)")
        }
        guard found.count == 1 else {
            throw ControlError(
                .ambiguous, "several torrents begin with \(params.id)",
                candidates: found.map { ControlCandidate(infoHash: $0, name: "") })
        }
        let (peers, total) = self.server.peers(of: infoHash, limit: min(max(params.limit ?? Self.peers, 0), Self.most))
        return TrackerPeers.Result(
            infoHash: infoHash,
            peers: peers.map {
                TrackedPeerStatus(address: "\($0.endpoint)", isSeed: $0.isSeed, expires: Int($0.lifetime))
            },
            total: total)
    }

    private func ban(_ params: TrackerBan.Params, _ caller: Caller) throws(ControlError) -> TrackerBan.Result {
        let banned: (entry: String, removed: Int)?
        do throws(TrackerServerError) { banned = try self.server.ban(params.address) } catch {
            throw Self.failed(error)
        }
        guard let (entry, removed) = banned else {
            throw ControlError(.invalidParams, "\(params.address) is no address, and no range as 10.0.0.0/8")
        }
        self.logger.event(
            .settingChanged, "user \(caller.uid) has banned \(entry)", ["setting": "bans", "value": "\(entry)"])
        return TrackerBan.Result(address: entry, removed: removed)
    }

    private func unban(_ params: TrackerUnban.Params, _ caller: Caller) throws(ControlError) -> TrackerUnban.Result {
        let lifted: String?
        do throws(TrackerServerError) { lifted = try self.server.unban(params.address) } catch {
            throw Self.failed(error)
        }
        guard let entry = lifted else {
            throw ControlError(.notFound, "\(params.address) is not banned; `swarmctl tracker bans` lists what is")
        }
        self.logger.event(
            .settingChanged, "user \(caller.uid) has lifted the ban of \(entry)",
            ["setting": "bans", "value": "\(entry)"])
        return TrackerUnban.Result(address: entry)
    }

    private static func failed(_ error: TrackerServerError) -> ControlError { ControlError(.storage, "\(error)") }
}
