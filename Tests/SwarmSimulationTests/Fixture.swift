// SPDX-License-Identifier: Apache-2.0

import Logging
import StrategyHost
import SwarmModel
import SwarmSimulation
import TestSeeds

enum Fixture {
    /// Bytes a second of an ordinary uplink. Downlinks are four times as fast.
    static let uplink = 256.0 * 1024
    static let host = StrategyHost(
        clock: .stopped, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    /// Whether the build left the plugins beside the test bundle.
    static let hasPlugins: Bool = {
        let names = Self.host.installed().strategies.map(\.name)
        return ["rarest-first", "sequential", "deadline", "random", "tit-for-tat"].allSatisfy(names.contains)
    }()

    static func geometry(pieces: Int, kibibytes: Int = 64) -> TorrentGeometry {
        let length = UInt64(kibibytes) << 10
        return TorrentGeometry(totalLength: UInt64(pieces) * length, pieceLength: UInt32(length))!
    }

    static func strategy(
        picker: String = "rarest-first", choker: String = "tit-for-tat", options: [String: String] = [:]
    ) -> SimulatedStrategy {
        SimulatedStrategy(
            makePicker: { try Self.host.makePicker(named: picker, for: $0, options: options, seed: $1) },
            makeChoker: { try Self.host.makeChoker(named: choker, for: $0, seed: $1) })
    }

    static func link(_ share: Double = 1) -> LinkProfile {
        LinkProfile(up: Self.uplink * share, down: Self.uplink * share * 4)
    }

    /// One that fetches, and stays.
    static func peer(_ share: Double = 1, strategy: SimulatedStrategy = .builtIn) -> NodeProfile {
        var profile = NodeProfile(link: Self.link(share))
        profile.strategy = strategy
        return profile
    }

    static func seed(_ share: Double = 1, strategy: SimulatedStrategy = .builtIn) -> NodeProfile {
        var profile = Self.peer(share, strategy: strategy)
        profile.isSeed = true
        return profile
    }

    static func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(count) }

    static func seeds(_ fixed: [UInt64]) -> [UInt64] { TestSeed.several(fixed) }
}
