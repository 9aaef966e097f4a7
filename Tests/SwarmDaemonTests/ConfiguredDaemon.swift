// SPDX-License-Identifier: Apache-2.0

import ControlServer
import FoundationEssentials
import Glibc
import Logging
import SwarmConfig
import Systemd

@testable import SwarmDaemon

/// A daemon whose configuration is in a file, which a test may edit and have read again.
struct ConfiguredDaemon: Sendable {
    let daemon: DaemonFixture
    let keeper: ConfigurationKeeper
    let access: AccessRules
    let log: RecordingLogHandler.Record
    /// How much would be logged.
    let volume: LogVolume

    var path: String { self.daemon.folder + "/swarmd.toml" }
    /// What is in effect.
    var running: DaemonConfiguration { self.daemon.methods.services.running.current }

    /// Runs a body with a daemon that has read `text`.
    static func run(_ text: String = "", _ body: (ConfiguredDaemon) async throws -> Void) async throws {
        try await DaemonFixture.run { daemon in
            try await body(ConfiguredDaemon(daemon, text))
        }
    }

    private init(_ daemon: DaemonFixture, _ text: String) throws {
        self.daemon = daemon
        let path = daemon.folder + "/swarmd.toml"
        try Self.write(text, to: path, folder: daemon.folder)
        let loaded = try DaemonConfiguration.load(path: path)
        let services = daemon.methods.services
        services.running.current = loaded.value
        let record = RecordingLogHandler.Record()
        self.log = record
        self.volume = LogVolume(Logger.Level(loaded.value.log.level))
        self.access = AccessRules(AccessPolicy(loaded.value.daemon))
        self.keeper = ConfigurationKeeper(
            loaded,
            ConfigurationKeeper.Surroundings(
                path: path, read: { () throws(ConfigurationError) in try DaemonConfiguration.load(path: path) },
                volume: self.volume, access: self.access,
                logger: Logger(label: "test") { _ in RecordingLogHandler(record: record) }),
            services: services)
    }

    /// Edits the file: `text` behind the folders that the daemon needs.
    func edit(_ text: String) throws {
        try Self.write(text, to: self.path, folder: self.daemon.folder)
    }

    /// Edits the file and has it read again.
    func reload(_ text: String) async throws {
        try self.edit(text)
        await self.keeper.reload()
    }

    private static func write(_ text: String, to path: String, folder: String) throws {
        let head = """
            [daemon]
            state_dir = "\(folder)/state"
            control_socket = "\(folder)/sock"
            download_dir = "\(folder)/down"

            """
        try DaemonFixture.write(Array((head + text).utf8), to: path)
    }
}
