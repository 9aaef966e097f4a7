// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlText
import Logging
import NIOPosix
import PeerNetwork
import SwarmConfig
import SwarmEvents
import SwarmModel
import Systemd

/// Keeps the configuration of the running daemon: takes what changed in the files or was set with swarmctl, and hands
/// each value to the part that lives by it.
///
/// The files are the truth. What swarmctl sets holds until the next reload or restart, so that an edited file always
/// means what it says, and nothing set in passing (a debug level, a limit for the night) outlives its day unseen.
actor ConfigurationKeeper {
    /// Where the configuration comes from, and the parts outside the services that follow it.
    struct Surroundings: Sendable {
        /// The main file.
        let path: String
        /// Reads the files.
        let read: @Sendable () throws(ConfigurationError) -> LoadedConfiguration<DaemonConfiguration>
        /// How much is logged.
        let volume: LogVolume
        /// Who may do what over the control socket.
        let access: AccessRules
        /// Where it tells what it did.
        let logger: Logger
    }

    let surroundings: Surroundings
    let services: DaemonServices
    /// What the files say.
    private(set) var file: LoadedConfiguration<DaemonConfiguration>
    /// The keys whose value was set while running.
    private(set) var setLive: Set<String> = []
    /// The caps that hold over all torrents.
    private var caps: TransferCaps
    /// Told when another strategy is to decide, or the same with other options, and when the queue or watched folders are others.
    private var follower: @Sendable () async -> Void = {}

    init(_ file: LoadedConfiguration<DaemonConfiguration>, _ surroundings: Surroundings, services: DaemonServices) {
        self.file = file
        self.surroundings = surroundings
        self.services = services
        self.caps = services.running.current.limits.caps(at: WallClock.weekTime)
    }

    /// Has `body` called whenever another strategy is configured, or other options for one, another queue or other watched
    /// folders.
    func follow(_ body: @escaping @Sendable () async -> Void) {
        self.follower = body
    }

    /// Reads the files again. Either all of them are in order, and what can change now does, or nothing changes; the log
    /// tells which, and why.
    func reload() async {
        let read = self.surroundings.read
        do throws(ConfigurationError) {
            let loaded = try await Self.offLoop(read).get()
            let wanted = ConfigurationChange(from: self.services.running.current, to: loaded.value).effective
            let preparation = await self.prepare(wanted, rereads: true)
            guard preparation.problems.isEmpty else {
                return self.refuse(preparation.problems.map { $0.located(in: loaded) })
            }
            let restartOptions = await self.restartOptions()
            // Something may have been set while the disk was read.
            let change = ConfigurationChange(
                from: self.services.running.current, to: loaded.value, restartOptions: restartOptions)
            self.file = loaded
            self.setLive = []
            let before = self.services.running.current
            self.put(change.effective, preparation)
            self.report(change)
            await self.tellFollower(before)
        } catch {
            self.refuse(error.problems)
        }
    }

    /// Takes the value of one live key out of `wanted`. Throws what stands against it.
    func take(_ key: SettingKey<DaemonConfiguration>, from wanted: DaemonConfiguration) async throws(SettingRefusal) {
        try Self.check(wanted)
        let preparation = await self.prepare(wanted, rereads: false)
        if let problem = preparation.problems.first(where: { $0.key == key.dottedName }) {
            throw SettingRefusal(problem.key, problem.message)
        }
        // Others may have been set while the disk was read.
        let before = self.services.running.current
        var next = before
        key.copy(wanted, &next)
        try Self.check(next)
        self.put(next, preparation)
        let isBack = key.text(in: next) == key.text(in: self.file.value)
        if isBack { self.setLive.remove(key.dottedName) } else { self.setLive.insert(key.dottedName) }
        guard key.text(in: next) != key.text(in: before) else { return }
        let value = key.text(in: next) ?? "unset"
        let words =
            isBack
            ? "\(key.dottedName) was set back to \(value) with swarmctl, as the files say"
            : "\(key.dottedName) was set to \(value) with swarmctl, until the next reload or restart"
        self.surroundings.logger.event(
            .settingChanged, "\(words)", ["setting": "\(key.dottedName)", "value": "\(value)"])
        await self.tellFollower(before)
    }

    // MARK: - Steps

    private static func check(_ configuration: DaemonConfiguration) throws(SettingRefusal) {
        guard let broken = configuration.brokenRules().first else { return }
        throw SettingRefusal(broken.key, broken.message)
    }

    private func prepare(_ wanted: DaemonConfiguration, rereads: Bool) async -> ConfigurationPreparation {
        let old = self.services.running.current
        let strategies = self.services.strategies
        let logger = self.surroundings.logger
        return await Self.offLoop {
            ConfigurationPreparation(wanted, replacing: old, rereads: rereads, strategies: strategies, logger: logger)
        }
    }

    /// Hands every live value to its part; those that nobody is handed are read where they are used.
    private func put(_ configuration: DaemonConfiguration, _ preparation: ConfigurationPreparation) {
        self.services.running.current = configuration
        self.surroundings.volume.set(Logger.Level(configuration.log.level))
        self.services.network.change(limits: PeerLimits(configuration))
        self.noteCaps()
        if let filter = preparation.filter { self.services.network.bans.replace(filter: filter) }
        let policy = AccessPolicy(configuration.daemon)
        guard policy != self.surroundings.access.policy, !self.surroundings.access.change(to: policy) else { return }
        self.surroundings.logger.event(
            .socketKept,
            """
            the control socket keeps its mode and group: it was made by somebody else; under systemd change SocketMode= \
            and SocketGroup= of swarmd.socket
            """)
    }

    /// The clock went on: other caps may hold now.
    func followSchedule() {
        let settings = self.services.running.current.limits
        guard !settings.schedule.isEmpty else { return }
        let caps = settings.caps(at: WallClock.weekTime)
        guard caps != self.caps else { return }
        self.services.network.change(limits: PeerLimits(self.services.running.current))
        self.noteCaps()
        self.surroundings.logger.event(
            .settingChanged,
            "the schedule says: at most \(Self.words(caps.download)) down and \(Self.words(caps.upload)) up",
            ["setting": "limits.schedule"])
    }

    /// Remembers the caps that were handed out last.
    private func noteCaps() { self.caps = self.services.running.current.limits.caps(at: WallClock.weekTime) }

    private static func words(_ cap: Int) -> String { cap > 0 ? SizeText.rate(cap) : "any rate" }

    private func tellFollower(_ before: DaemonConfiguration) async {
        let now = self.services.running.current
        if now.strategy != before.strategy || now.queue != before.queue || now.watch != before.watch {
            await self.follower()
        }
    }

    private func refuse(_ problems: [ConfigurationProblem]) {
        for problem in problems {
            self.surroundings.logger.event(
                .reloadRefused, "configuration refused, the one in effect stays: \(problem)",
                ["error.message": "\(problem)"])
        }
    }

    private func report(_ change: ConfigurationChange<DaemonConfiguration>) {
        if let summary = change.summary { self.surroundings.logger.event(.daemonReloaded, "\(summary)") }
        guard let waiting = change.waiting(for: "swarmd") else { return }
        self.surroundings.logger.event(.daemonReloaded, at: .warning, "\(waiting)")
    }

    /// Runs what reads the disk on a thread that may wait.
    private static func offLoop<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in continuation.resume(returning: body()) }
        }
    }

    private static func offLoop(
        _ read: @escaping @Sendable () throws(ConfigurationError) -> LoadedConfiguration<DaemonConfiguration>
    ) async -> Result<LoadedConfiguration<DaemonConfiguration>, ConfigurationError> {
        await Self.offLoop { () -> Result<LoadedConfiguration<DaemonConfiguration>, ConfigurationError> in
            do throws(ConfigurationError) {
                return .success(try read())
            } catch {
                return .failure(error)
            }
        }
    }
}
