// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import SwarmModel
import Synchronization

/// Answers as a daemon would, from a script: one torrent that goes through states, one job.
final class PretendDaemon: Sendable {
    struct State {
        var added: [TorrentAdd.Params] = []
        /// What `torrent.add` is refused with.
        var refusal: ControlError?
        var shared: [TorrentShare.Params] = []
        var removed: [TorrentRemove.Params] = []
        var chosen: [TorrentSet.Params] = []
        /// What the configuration says of some keys, as TOML; of others it says something.
        var values: [String: String] = [:]
        /// Keys that were set, with their values; nil for those that were taken back.
        var settings: [(key: String, value: String?)] = []
        /// What `torrent.list` says, call by call; the last stays.
        var lists: [[TorrentSummary]] = [[]]
        /// What `job.show` says, call by call; the last stays.
        var jobs: [JobStatus] = []
    }

    static let hash = InfoHash(hex: "0123456789abcdef0123456789abcdef01234567")!

    /// Torrents that are found by name besides; `also` is another name of the first.
    static let named = [
        "a": InfoHash(bytes: [UInt8](repeating: 0xAA, count: 20))!,
        "also": InfoHash(bytes: [UInt8](repeating: 0xAA, count: 20))!,
        "b": InfoHash(bytes: [UInt8](repeating: 0xBB, count: 20))!,
        "stuck": InfoHash(bytes: [UInt8](repeating: 0xCC, count: 20))!,
    ]

    let state = Mutex(State())

    static func summary(_ state: TorrentState, _ progress: Double, error: String? = nil) -> TorrentSummary {
        TorrentSummary(
            infoHash: Self.hash, name: "release", state: state, progress: progress, size: 1 << 20, error: error)
    }

    var router: ControlRouter {
        var router = ServerFixture.router
        router.on(TorrentAdd.self) { params, _ throws(ControlError) in
            if let refusal = self.state.withLock({ $0.refusal }) { throw refusal }
            self.state.withLock { $0.added.append(params) }
            return Self.reference
        }
        router.on(TorrentShare.self) { params, _ in
            self.state.withLock { $0.shared.append(params) }
            return .init(job: 3)
        }
        router.on(TorrentVerify.self) { _, _ in .init(job: 3) }
        router.on(TorrentRemove.self) { params, _ throws(ControlError) in
            guard params.id.text != "none" else { throw ControlError(.notFound, "no torrent is called none") }
            guard params.id.text != Self.named["stuck"]?.description else {
                throw ControlError(.storage, "it is stuck")
            }
            self.state.withLock { $0.removed.append(params) }
            return Self.reference
        }
        router.on(JobShow.self) { _, _ in
            self.state.withLock { $0.jobs.count > 1 ? $0.jobs.removeFirst() : $0.jobs[0] }
        }
        router.on(TorrentList.self) { params, _ throws(ControlError) in
            if let name = params.ids?.first?.text {
                if name == "none" { throw ControlError(.notFound, "no torrent is called none") }
                if name == "two" {
                    let candidates = ["twofold", "twosome"].map { ControlCandidate(name: $0) }
                    throw ControlError(.ambiguous, "two means 2 torrents", candidates: candidates)
                }
                if let hash = Self.named[name] {
                    return .init(torrents: [TorrentSummary(infoHash: hash, name: name, state: .seeding)])
                }
            }
            return .init(torrents: self.state.withLock { $0.lists.count > 1 ? $0.lists.removeFirst() : $0.lists[0] })
        }
        router.on(TorrentSet.self) { params, _ in
            self.state.withLock { $0.chosen.append(params) }
            return Self.strategies(params.picker ?? "rarest-first", isOwn: params.picker != nil)
        }
        router.on(StrategyGet.self) { _, _ in
            .init(
                picker: "rarest-first", choker: "tit-for-tat", transports: ["tcp"],
                torrents: [Self.strategies("sequential", isOwn: true)])
        }
        router.on(DaemonPlugins.self) { _, _ in
            .init(
                plugins: [
                    PluginStatus(
                        kind: "picker", name: "sequential", version: "1.0", interface: "1.1", summary: "in order",
                        path: "/usr/lib/swarm/plugins/sequential.so", isDefault: false, calls: 12, meanTime: 480,
                        options: [
                            PluginOption(
                                key: "ahead", type: "integer", value: "7", default: "5", minimum: 1, maximum: 9,
                                help: "how many")
                        ])
                ], unusable: [PluginFailure(message: "plugin /x.so is cut short; install it again")])
        }
        router.on(ConfigGet.self) { params, _ in
            .init(
                path: "/etc/swarm/swarmd.toml",
                settings: [Self.setting(params.key ?? "log.level", self.value(of: params.key), .file)])
        }
        router.on(ConfigSet.self) { params, _ in
            self.state.withLock { $0.settings.append((params.key, params.value)) }
            return Self.setting(params.key, params.value, .live)
        }
        router.on(ConfigUnset.self) { params, _ in
            self.state.withLock { $0.settings.append((params.key, nil)) }
            return Self.setting(params.key, "\"info\"", .default)
        }
        router.on(TorrentShow.self) { _, _ in TorrentDetail(summary: Self.summary(.seeding, 1)) }
        router.on(TorrentMetainfo.self) { _, _ in
            .init(infoHash: Self.hash, name: "release", metainfo: Base64Bytes([1, 2, 3]), magnet: "magnet:?x")
        }
        return router
    }

    private func value(of key: String?) -> String {
        self.state.withLock { state in key.flatMap { state.values[$0] } ?? "\"info\"" }
    }

    private static func strategies(_ picker: String, isOwn: Bool) -> TorrentStrategies {
        TorrentStrategies(
            infoHash: Self.hash, name: "release", picker: picker, choker: "tit-for-tat", ownPicker: isOwn,
            ownChoker: false, compression: "auto", ownCompression: false, superSeeding: false,
            workingPicker: picker, workingChoker: "built-in turns")
    }

    private static func setting(_ key: String, _ value: String, _ origin: ConfigOrigin) -> ConfigSetting {
        ConfigSetting(
            key: key, value: value, origin: origin, place: origin == .file ? "/etc/swarm/swarmd.toml:3" : nil,
            configured: origin == .live ? "\"info\"" : nil, live: true, accepts: "words", help: "What it does.")
    }

    private static var reference: TorrentReference {
        TorrentReference(infoHash: Self.hash, name: "release", state: .checking)
    }
}
