// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlServer
import Logging
import NIOPosix
import ServiceLifecycle
import SwarmConfig
import SwarmEvents
import SwarmModel
import Systemd
import TrackerServer
import UnixSignals

/// The tracker's command line.
@main
struct TrackerdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarm-trackerd",
        abstract: "The Swarm tracker: tells peers of each other, and keeps a catalogue of what is shared.",
        discussion: "Signals: SIGTERM and SIGINT stop it in order, SIGHUP reads the configuration again.",
        version: "0.1.0")

    @Option(help: "The configuration file.")
    var config = "/etc/swarm/trackerd.toml"

    @Option(
        help: ArgumentHelp(
            "Listen here instead of where the configuration says; port 0 is any free one. May be repeated.",
            valueName: "addr:port"))
    var listen: [String] = []

    @Flag(help: "Check the configuration, say what is wrong with it, and exit.")
    var checkConfig = false

    @Flag(help: "Print the default configuration, every key explained, and exit.")
    var printDefaultConfig = false

    func run() async throws {
        if self.printDefaultConfig {
            print(TrackerConfiguration.defaultText, terminator: "")
            return
        }
        let listen = try self.listen.map(Self.endpoint)
        let path = self.config
        let read = { @Sendable () throws(ConfigurationError) -> LoadedConfiguration<TrackerConfiguration> in
            let loaded = try TrackerConfiguration.load(path: path)
            var value = loaded.value
            if !listen.isEmpty { value.tracker.listen = listen }
            return LoadedConfiguration(value: value, places: loaded.places)
        }
        let configuration: LoadedConfiguration<TrackerConfiguration>
        do {
            configuration = try read()
        } catch {
            throw Self.failure("\(error)")
        }
        if self.checkConfig {
            print("\(self.config) is in order")
            return
        }
        try await self.serve(configuration.value) { () throws(ConfigurationError) in try read().value }
    }

    private func serve(
        _ configuration: TrackerConfiguration,
        read: @escaping @Sendable () throws(ConfigurationError) -> TrackerConfiguration
    ) async throws {
        // First of all: until somebody listens for it, a hang-up ends the process.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        let volume = LogVolume(Logger.Level(configuration.log.level))
        let logger = LogOutput(named: configuration.log.target.rawValue).logger("swarm-trackerd", volume: volume)
        let server: TrackerServer
        do {
            var settings = TrackerServerConfiguration(configuration.tracker)
            settings.cluster = try ClusterConfiguration(configuration.cluster)
            server = try await TrackerServer.start(settings, logger: logger)
        } catch {
            throw Self.failure("\(error)")
        }
        let version = Self.configuration.version
        logger.event(.daemonStarted, "swarm-trackerd \(version) runs", ["version": "\(version)"])
        for endpoint in server.endpoints {
            logger.event(.listening, "announces come to \(endpoint)", ["listen": "\(endpoint)"])
        }
        // The group's own words about services and signals say nothing to an operator.
        var quiet = logger
        quiet.logLevel = .warning
        let supervision = Supervision.ofThisProcess()
        let reload = TrackerReloadService(
            started: configuration, read: read, volume: volume, server: server, notifier: supervision.notifier,
            logger: logger, hangUps: hangUps)
        var services = SupervisedServices(supervision: supervision, server: server, logger: logger).all
        if let control = await Self.control(configuration.tracker, server, logger) {
            services.append(ControlService(server: control))
        }
        services += [reload, TrackerService(server: server, notifier: supervision.notifier, logger: logger)]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        try await group.run()
        logger.event(.daemonStopped, "swarm-trackerd has stopped")
    }

    /// The control socket; nil where it cannot be made: peers are served all the same.
    private static func control(
        _ settings: TrackerSettings, _ server: TrackerServer, _ logger: Logger
    ) async -> ControlServer? {
        do {
            return try await ControlServer.bind(
                ControlServerConfiguration(
                    socket: .path(settings.controlSocket),
                    policy: AccessPolicy(groupName: settings.controlGroup, othersMayRead: false)),
                router: TrackerControl(server: server, version: self.configuration.version, logger: logger).router,
                group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        } catch {
            logger.event(.socketMissing, "there is no control socket: \(error)", ["error.message": "\(error)"])
            return nil
        }
    }

    private static func endpoint(_ text: String) throws -> PeerEndpoint {
        guard let endpoint = PeerEndpoint(text) else {
            throw ValidationError("--listen \(text): write 1.2.3.4:6969 or [::1]:6969")
        }
        return endpoint
    }

    /// One clear line for each problem, and exit code 1.
    private static func failure(_ message: String) -> ExitCode {
        LogOutput.automatic().tellStartFailed("swarm-trackerd", message)
        return ExitCode(1)
    }
}
