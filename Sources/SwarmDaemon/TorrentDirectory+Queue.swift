// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import PeerNetwork
import StateStore
import SwarmConfig
import SwarmEvents
import SwarmModel

/// Who takes part when not all may.
extension TorrentDirectory {
    /// Time between two looks at the queue, however many changes call for one.
    private static let lookInterval = Duration.milliseconds(100)

    /// Whether a torrent may take part now.
    func mayRun(_ entry: TorrentEntry) -> Bool { self.plan?.admitted.contains(entry.infoHash) ?? true }

    /// Has the queue looked at, at once or soon; many changes together cost one look.
    func lookAtQueue() {
        guard self.plan != nil || self.services.configuration.queue.isLimited, self.queueLook == nil else { return }
        let now = ContinuousClock.now
        guard let last = self.lastQueueLook, now - last < Self.lookInterval else { return self.balance() }
        self.queueLook = Task {
            try? await Task.sleep(until: last + Self.lookInterval)
            self.queueLook = nil
            self.balance()
        }
    }

    /// Decides anew who takes part: starts those whose turn has come, and takes those down whose turn it is no longer.
    func balance() {
        let settings = self.services.configuration.queue
        guard !self.isStopping, settings.isLimited || self.plan != nil else { return }
        self.lastQueueLook = ContinuousClock.now
        let wanting = self.queue.compactMap { self.entries[$0] }.filter { !$0.record.isPaused && !$0.isRemoved }
        let now = WallClock.elapsed()
        self.plan =
            settings.isLimited
            ? QueuePlan(
                wanting.map { self.candidate($0, settings, now: now) }, downloads: settings.downloads,
                seeds: settings.seeds) : nil
        for entry in wanting {
            let mayRun = self.mayRun(entry)
            switch entry.life {
            case .queued where mayRun:
                entry.life = .checking(JobProgress())
                self.enqueue(entry) { directory, entry in await directory.bringUp(entry) }
            case .checking where !mayRun && entry.verifications == 0, .active where !mayRun:
                guard !entry.isYielding else { continue }
                entry.isYielding = true
                entry.hashing?.task.cancel()
                self.enqueue(entry) { directory, entry in await directory.yield(entry) }
            // Those that have not been looked at since the start find out when it is their turn to be.
            case .queued, .asleep, .checking, .active, .paused, .suspended: break
            }
        }
    }

    private func candidate(
        _ entry: TorrentEntry, _ settings: QueueSettings, now: Int64
    ) -> QueuePlan.Candidate {
        let isStuck =
            switch entry.life {
            case .suspended: true
            case .active: entry.handle?.status.phase == .suspended || Self.isStalled(entry, settings, now: now)
            case .asleep, .checking, .queued, .paused: false
            }
        return QueuePlan.Candidate(
            infoHash: entry.infoHash, isComplete: self.isComplete(entry), isStuck: isStuck)
    }

    private static func isStalled(_ entry: TorrentEntry, _ settings: QueueSettings, now: Int64) -> Bool {
        guard settings.stalled > .zero, let activity = entry.activity else { return false }
        return Double(now - activity.moved) >= settings.stalled.inSeconds
    }

    /// Whether everything that is wanted of a torrent is here.
    func isComplete(_ entry: TorrentEntry) -> Bool {
        guard entry.outline.isKnown else { return false }
        return entry.isFinished || entry.isReportedComplete || entry.handle?.status.phase == .seeding
    }

    /// Makes room for others.
    private func yield(_ entry: TorrentEntry) async {
        entry.isYielding = false
        guard !entry.record.isPaused, !entry.isRemoved else { return }
        // Admitted again meanwhile, but perhaps called off when it was hashed.
        guard !self.mayRun(entry) else { return await self.bringUp(entry) }
        switch entry.life {
        case .checking, .active: await self.queueUp(entry)
        case .asleep, .queued, .paused, .suspended: break
        }
    }

    /// Takes a torrent off the network until it is its turn.
    func queueUp(_ entry: TorrentEntry) async {
        await self.takeDown(entry)
        guard !entry.record.isPaused, !entry.isRemoved else { return }
        // Admitted while it was taken down, perhaps.
        guard !self.mayRun(entry) else { return await self.bringUp(entry) }
        entry.life = .queued
        self.moveWhenComplete(entry)
    }

    // MARK: - Order

    /// Puts the torrents that were read into the order of the queue. Where two have one place, as after a repair of the state,
    /// they get new ones.
    func readQueue() async {
        let entries = self.order.compactMap { self.entries[$0] }
        let sorted = entries.enumerated().sorted {
            ($0.element.record.place, $0.offset) < ($1.element.record.place, $1.offset)
        }.map(\.element)
        self.queue = sorted.map(\.infoHash)
        let places = sorted.map(\.record.place)
        guard zip(places, places.dropFirst()).contains(where: { $0 == $1 }) else { return }
        for (place, entry) in sorted.enumerated() { entry.record.place = Int64(place) }
        do {
            try await self.services.state.setPlaces(sorted.map { ($0.infoHash, $0.record.place) })
        } catch {
            self.logger.event(
                .progressUnrecorded, "the order of the queue could not be recorded: \(error)",
                ["error.message": "\(error)"])
        }
    }

    /// The place of a torrent that is added now.
    var newPlace: Int64 {
        switch self.services.configuration.queue.newTorrents {
        case .last: self.place(of: self.queue.last, 1)
        case .first: self.place(of: self.queue.first, -1)
        }
    }

    private func place(of neighbour: InfoHash?, _ step: Int64) -> Int64 {
        neighbour.flatMap { self.entries[$0] }.map { $0.record.place &+ step } ?? 0
    }

    /// Takes a new torrent into the queue, at one of its ends.
    func lineUp(_ entry: TorrentEntry) {
        let first = self.queue.first.flatMap { self.entries[$0] }?.record.place
        if let first, entry.record.place < first {
            self.queue.insert(entry.infoHash, at: 0)
        } else {
            self.queue.append(entry.infoHash)
        }
    }

    /// Gives a torrent another place, over restarts too.
    func requeue(_ params: TorrentQueue.Params) async throws(ControlError) -> TorrentReference {
        let entry = try self.entry(params.id)
        guard let index = self.queue.firstIndex(of: entry.infoHash) else { return self.reference(to: entry) }
        switch params.step {
        case .top where index > 0:
            let place = self.place(of: self.queue.first, -1)
            self.queue.remove(at: index)
            self.queue.insert(entry.infoHash, at: 0)
            await self.put(entry, at: place)
        case .bottom where index < self.queue.count - 1:
            let place = self.place(of: self.queue.last, 1)
            self.queue.remove(at: index)
            self.queue.append(entry.infoHash)
            await self.put(entry, at: place)
        case .up: await self.swap(index, self.queue[..<index].lastIndex { self.competes($0, with: entry) })
        case .down: await self.swap(index, self.queue[(index + 1)...].firstIndex { self.competes($0, with: entry) })
        case .top, .bottom: break
        }
        self.balance()
        return self.reference(to: entry)
    }

    /// Whether two torrents wait for the same places.
    private func competes(_ infoHash: InfoHash, with entry: TorrentEntry) -> Bool {
        guard let other = self.entries[infoHash], !other.isRemoved else { return false }
        return self.isComplete(other) == self.isComplete(entry)
            && other.record.isPaused == entry.record.isPaused
    }

    private func put(_ entry: TorrentEntry, at place: Int64) async {
        entry.record.place = place
        await self.save(entry, .place(place))
    }

    private func swap(_ index: Int, _ other: Int?) async {
        guard let other, let one = self.entries[self.queue[index]], let two = self.entries[self.queue[other]] else {
            return
        }
        self.queue.swapAt(index, other)
        (one.record.place, two.record.place) = (two.record.place, one.record.place)
        do {
            try await self.services.state.setPlaces([
                (one.infoHash, one.record.place), (two.infoHash, two.record.place),
            ])
        } catch {
            self.logger.event(
                .progressUnrecorded, "the order of the queue could not be recorded: \(error)",
                one.logFields(error))
        }
    }

    // MARK: - Reports

    /// A torrent's place among those that wait; nil when it does not.
    func queuePosition(of entry: TorrentEntry) -> Int? {
        guard let plan = self.plan else { return nil }
        switch entry.life {
        case .queued, .asleep: return plan.positions[entry.infoHash]
        case .checking, .active, .paused, .suspended: return nil
        }
    }

    /// Why a queued torrent waits; nil when it does not.
    func queueReason(of entry: TorrentEntry) -> String? {
        guard let position = self.queuePosition(of: entry), let plan = self.plan else { return nil }
        let settings = self.services.configuration.queue
        return self.isComplete(entry)
            ? "it is number \(position) of \(plan.waiting.seeds) in the queue: at most \(settings.seeds) are served at "
                + "once (queue.seeds)"
            : "it is number \(position) of \(plan.waiting.downloads) in the queue: at most \(settings.downloads) are "
                + "fetched at once (queue.downloads)"
    }
}
