// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import SwarmConfig
import SwarmEvents
import Systemd
import TrackerServer
import UnixSignals

/// Reads the configuration again whenever SIGHUP comes, until the tracker shuts down: what can change live does, what
/// needs a restart is named, and a configuration that is not in order changes nothing.
struct TrackerReloadService: Service {
    /// What the tracker was started with.
    let started: TrackerConfiguration
    /// Reads the files.
    let read: @Sendable () throws(ConfigurationError) -> TrackerConfiguration
    /// Changes how much is logged.
    let volume: LogVolume
    let server: TrackerServer
    let notifier: ServiceNotifier
    let logger: Logger
    /// Trapped before the tracker serves, so that an early signal is not the end of it.
    let hangUps: UnixSignalsSequence

    func run() async throws {
        var running = self.started
        for await _ in self.hangUps.cancelOnGracefulShutdown() {
            self.notifier.reloading()
            running = self.reload(running)
            self.notifier.ready()
        }
    }

    private func reloadLists(_ configuration: TrackerServerConfiguration) {
        do throws(TrackerServerError) {
            try self.server.reloadLists(configuration)
        } catch {
            self.logger.event(
                .reloadRefused, "lists refused, those in effect stay: \(error)", ["error.message": "\(error)"])
        }
    }

    /// What runs after a reload: the configuration before it, with every live value as it is wanted now.
    private func reload(_ running: TrackerConfiguration) -> TrackerConfiguration {
        do throws(ConfigurationError) {
            let change = ConfigurationChange(from: running, to: try self.read())
            let configuration = TrackerServerConfiguration(change.effective.tracker)
            self.server.change(to: configuration)
            self.reloadLists(configuration)
            self.volume.set(Logger.Level(change.effective.log.level))
            if let summary = change.summary { self.logger.event(.daemonReloaded, "\(summary)") }
            if let waiting = change.waiting(for: "swarm-trackerd") {
                self.logger.event(.daemonReloaded, at: .warning, "\(waiting)")
            }
            return change.effective
        } catch {
            for problem in error.problems {
                self.logger.event(
                    .reloadRefused, "configuration refused, the one in effect stays: \(problem)",
                    ["error.message": "\(problem)"])
            }
            return running
        }
    }
}
