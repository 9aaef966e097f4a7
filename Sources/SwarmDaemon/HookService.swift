// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import ServiceLifecycle
import StateStore
import SwarmConfig
import SwarmEvents

/// Runs the operator's command for events. Follows the journal as a client would, so that a slow command holds up nobody.
struct HookService: Service {
    /// Events that are looked at at once.
    private static let batch = 64
    /// Never for what the command itself brings about: that would have no end.
    private static let own: Set<String> = [EventKind.hookFailed.rawValue, EventKind.hookOutput.rawValue]

    let journal: EventJournal
    let running: RunningConfiguration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow(after: self.journal.last) }
    }

    /// Runs commands for what comes behind a place, until the task is cancelled.
    func follow(after start: Int64) async {
        var place = start
        let follower = self.journal.enter()
        defer { self.journal.leave(follower) }
        await withDiscardingTaskGroup { group in
            var turns = (limit: 0, queue: TurnQueue(limit: 0))
            while await self.journal.wait(after: place, follower) {
                switch self.journal.events(after: place, limit: Self.batch) {
                case .events(let events):
                    for event in events where !Task.isCancelled {
                        place = event.sequence
                        guard let hook = self.run(for: event) else { continue }
                        let limit = self.running.current.hook.atOnce
                        if limit != turns.limit { turns = (limit, TurnQueue(limit: limit)) }
                        guard let turn = try? await turns.queue.take() else { return }
                        group.addTask {
                            await self.carryOut(hook)
                            turn.end()
                        }
                    }
                case .nothing: break
                case .expired:
                    place = self.journal.last
                    self.tell("events came faster than the command could be run for them; some were passed over")
                }
            }
        }
    }

    private func run(for event: StoredEvent) -> HookRun? {
        let configuration = self.running.current
        let settings = configuration.hook
        guard let command = settings.command, settings.events.contains(event.kind), !Self.own.contains(event.kind),
            let status = try? JSONCoding.decode(EventStatus.self, from: event.text)
        else { return nil }
        return HookRun(
            command: command, event: status, socket: configuration.daemon.controlSocket, timeout: settings.timeout)
    }

    private func carryOut(_ hook: HookRun) async {
        let name = hook.command.split(separator: "/").last.map { String($0) } ?? hook.command
        let failure = await hook.run { line in
            self.logger.event(.hookOutput, "\(name): \(line)", ["hook.event": "\(hook.event.event)"])
        }
        if let failure { self.tell(failure) }
    }

    private func tell(_ failure: String) {
        self.logger.event(.hookFailed, "\(failure)", ["error.message": "\(failure)"])
    }
}
