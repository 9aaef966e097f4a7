// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SwarmModel
package import TrackerWire

/// Announces all torrents to their trackers when their schedules say so: one timer for all, a bounded number of
/// announces at a time, the first at once.
package actor Announcer {
    /// What holds for all torrents.
    package struct Configuration: Sendable {
        /// How we call ourselves.
        package var peerID: PeerID
        /// The secret by which trackers know us after a change of address; the same for all.
        package var key: UInt32
        /// How announces are timed.
        package var policy = AnnouncePolicy()
        /// Announces under way at a time.
        package var concurrency = 32
        /// Of these, to one tracker.
        package var concurrencyPerTracker = 8
        /// How far a torrent's two names are kept apart, when both are to be announced (BEP 52).
        package var nameGap = Interval.seconds(2)
        /// How long a tracker may take to answer.
        package var timeout = Interval.seconds(20)
        /// As `timeout`, over UDP: a datagram that got lost is sent again after 15 seconds, and after 30 more (BEP 15).
        package var datagramTimeout = Interval.seconds(50)
        /// How long it may take to hear that we stop.
        package var stopTimeout = Interval.milliseconds(2_500)
        /// How long all trackers of all torrents together may take to hear that we stop.
        package var shutdownTimeout = Interval.milliseconds(2_500)

        /// The defaults, for this identity.
        package init(peerID: PeerID, key: UInt32) {
            self.peerID = peerID
            self.key = key
        }
    }

    let configuration: Configuration
    let client: TrackerClient
    let logger: Logger
    /// Trackers that nobody could reach the last time.
    var silentTrackers: Set<LoggedURL> = []
    /// By each of their names.
    var torrents: [InfoHash: Boxed<AnnouncedTorrent>] = [:]
    /// The other name of those that are announced under two, by the first.
    var otherNames: [InfoHash: InfoHash] = [:]
    private var deadlines = DeadlineQueue<InfoHash>()
    private var underWay = 0
    private var lanes: AnnounceLanes
    var nextSerial: UInt64 = 0
    var random: SplitMix64
    private var timer: (task: Task<Void, Never>, deadline: Instant)?
    private(set) var isShutDown = false
    private let origin = ContinuousClock.now

    /// `seed` decides jitter and the order within tiers.
    package init(client: TrackerClient, configuration: Configuration, seed: UInt64, logger: Logger) {
        self.client = client
        self.lanes = AnnounceLanes(limit: configuration.concurrencyPerTracker)
        self.configuration = configuration
        self.random = SplitMix64(seed: seed)
        self.logger = logger
    }

    /// Begins to announce a torrent, at once. `tiers` are its announce URLs (BEP 12). `statistics` is asked when an
    /// announce goes out, the last time during `remove`, and must answer promptly; `onPeers` gets the peers that come back,
    /// `onAnswer` every good answer.
    /// Without effect when the torrent is there already or after `shutdown`.
    package func add(
        _ infoHash: InfoHash, tiers: [[String]], statistics: @escaping @Sendable () async -> AnnounceStatistics,
        onPeers: @escaping @Sendable ([PeerEndpoint]) -> Void,
        onAnswer: @escaping @Sendable (_ url: String, AnnounceResponse) async -> Void = { _, _ in }
    ) {
        guard self.torrents[infoHash] == nil, !self.isShutDown else { return }
        self.nextSerial += 1
        let schedule = AnnounceSchedule(
            tiers: tiers, policy: self.configuration.policy, random: SplitMix64(seed: self.random.next()), at: self.now)
        self.torrents[infoHash] = Boxed(
            AnnouncedTorrent(
                serial: self.nextSerial, schedule: schedule, statistics: statistics, onPeers: onPeers,
                onAnswer: onAnswer))
        self.reschedule(infoHash)
    }

    /// Ends a torrent's announces and tells its trackers, waiting for them at most `stopTimeout`.
    package func remove(_ infoHash: InfoHash) async {
        var leaving: [InfoHash: Boxed<AnnouncedTorrent>] = [:]
        for (name, _) in self.names(of: infoHash) {
            leaving[name] = self.torrents.removeValue(forKey: name)
            self.deadlines.set(name, to: nil)
        }
        self.otherNames[infoHash] = nil
        await self.stop(leaving)
    }

    /// A torrent's last piece arrived while it was running: its tracker hears of it at once.
    package func completed(_ infoHash: InfoHash) {
        for (name, gap) in self.names(of: infoHash) {
            self.torrents[name]?.value.schedule.complete(at: self.now + gap)
            self.reschedule(name)
        }
    }

    /// More peers are wanted: announces again as soon as the tracker allows.
    package func wantPeers(_ infoHash: InfoHash) {
        for (name, gap) in self.names(of: infoHash) {
            self.torrents[name]?.value.schedule.wantPeers(at: self.now + gap)
            self.reschedule(name)
        }
    }

    /// The tracker that answered last does not know us any more: it is told at once.
    package func forgotten(_ infoHash: InfoHash) {
        self.torrents[infoHash]?.value.schedule.forgotten(at: self.now)
        self.reschedule(infoHash)
    }

    /// Somebody asks for an announce. Returns how long until it goes out (a tracker's `min interval` is kept); nil when
    /// the torrent is not here or has no tracker that can be asked.
    @discardableResult
    package func announceNow(_ infoHash: InfoHash) -> Interval? {
        let now = self.now
        var soonest: Instant?
        for (name, gap) in self.names(of: infoHash) {
            let due = self.torrents[name]?.value.schedule.announceNow(at: now + gap)
            soonest = [soonest, due].compactMap(\.self).min()
            self.reschedule(name)
        }
        return soonest.map { max(.zero, $0 - now) }
    }

    /// How a torrent stands with each of its trackers, under both of its names where it has two; nil when it is not here.
    package func status(_ infoHash: InfoHash) -> [TrackerReport]? {
        guard let reports = self.reports(infoHash) else { return nil }
        guard let other = self.otherNames[infoHash], let others = self.reports(other) else { return reports }
        return zip(reports, others).map { $0.merged(with: $1, names: (infoHash, other)) }
    }

    private func reports(_ name: InfoHash) -> [TrackerReport]? {
        guard let schedule = self.torrents[name]?.value.schedule else { return nil }
        let now = self.now
        return schedule.trackers.map { standing in
            TrackerReport(
                standing: standing, sinceAnswer: standing.lastAnswer.map { now - $0 },
                untilNext: standing.availableFrom.map { max(.zero, max($0, schedule.due) - now) })
        }
    }

    /// Ends all announces and tells all trackers at the same time, each of `concurrencyPerTracker` torrents at a time,
    /// waiting at most `shutdownTimeout` for all of them.
    package func shutdown() async {
        self.isShutDown = true
        self.timer?.task.cancel()
        self.timer = nil
        let leaving = self.torrents
        self.torrents = [:]
        self.otherNames = [:]
        self.deadlines = DeadlineQueue()
        let limit = Duration.nanoseconds(self.configuration.shutdownTimeout.nanoseconds)
        await withTaskGroup { group in
            group.addTask { await self.stop(leaving) }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    var now: Instant {
        let (seconds, attoseconds) = (ContinuousClock.now - self.origin).components
        return Instant(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    // MARK: - Timing

    func reschedule(_ infoHash: InfoHash) {
        self.deadlines.set(infoHash, to: self.torrents[infoHash]?.value.schedule.deadline)
        self.dispatch()
    }

    /// Starts what is due, as far as the bound allows, and sets the timer for what is not.
    private func dispatch() {
        while self.underWay < self.configuration.concurrency, let infoHash = self.deadlines.popDue(at: self.now) {
            guard let lane = self.lane(of: infoHash), self.lanes.enter(lane, infoHash),
                let announcement = self.torrents[infoHash]?.value.schedule.next(at: self.now),
                let serial = self.torrents[infoHash]?.value.serial
            else { continue }
            self.underWay += 1
            self.torrents[infoHash]?.value.task = Task {
                await self.perform(announcement, of: infoHash, serial: serial)
                self.leave(lane)
            }
        }
        guard self.underWay < self.configuration.concurrency, let next = self.deadlines.earliest() else { return }
        if let timer = self.timer, timer.deadline <= next { return }
        self.timer?.task.cancel()
        let wait = Duration.nanoseconds(max(0, (next - self.now).nanoseconds))
        self.timer = (Task { [weak self] in await self?.wake(after: wait) }, next)
    }

    private func wake(after wait: Duration) async {
        do { try await Task.sleep(for: wait, tolerance: .milliseconds(1)) } catch { return }
        // A cancelled timer that was already past its sleep must not take down its successor.
        guard !Task.isCancelled else { return }
        self.timer = nil
        self.dispatch()
    }

    // MARK: - Announces

    private func perform(_ announcement: Announcement, of infoHash: InfoHash, serial: UInt64) async {
        if let torrent = self.torrents[infoHash]?.value, torrent.serial == serial {
            let outcome = await self.outcome(of: announcement, torrent, infoHash)
            if self.torrents[infoHash]?.value.serial == serial {
                self.torrents[infoHash]?.value.task = nil
                self.torrents[infoHash]?.value.schedule.record(outcome, of: announcement, at: self.now)
                self.deadlines.set(infoHash, to: self.torrents[infoHash]?.value.schedule.deadline)
            }
        }
    }

    /// The tracker that is to be asked next, when an announce is due.
    private func lane(of infoHash: InfoHash) -> Substring? {
        self.torrents[infoHash]?.value.schedule.nextURL(at: self.now).map { AnnounceLanes.name(of: $0) }
    }

    private func leave(_ lane: Substring) {
        self.underWay -= 1
        self.lanes.leave(lane) { infoHash in
            guard let next = self.lane(of: infoHash) else { return false }
            self.deadlines.set(infoHash, to: self.torrents[infoHash]?.value.schedule.deadline)
            return next == lane
        }
        self.dispatch()
    }

    private func outcome(
        of announcement: Announcement, _ torrent: AnnouncedTorrent, _ infoHash: InfoHash
    ) async -> AnnounceOutcome {
        let request = await self.request(announcement, torrent, infoHash)
        let onPeers = torrent.onPeers
        do throws(TrackerError) {
            let response = try await self.client.announce(
                request, to: announcement.url, timeout: self.timeout(announcement)
            ) { answer in
                if !answer.peers.isEmpty { onPeers(answer.peers.map(\.endpoint)) }
            }
            self.noteAnswer(response.peers.count, to: announcement, of: infoHash)
            await torrent.onAnswer(announcement.url, response)
            return .accepted(response)
        } catch {
            let failures = self.torrents[infoHash]?.value.schedule.trackers[announcement.tracker].failures
            self.noteFailure(error, of: announcement, infoHash, isNews: failures == 0)
            return .failed(reason: error.description, retry: error.retry)
        }
    }

    private func timeout(_ announcement: Announcement) -> Interval {
        let isDatagram = announcement.url.lowercased().hasPrefix("udp:")
        return isDatagram ? self.configuration.datagramTimeout : self.configuration.timeout
    }

    func request(
        _ announcement: Announcement, _ torrent: AnnouncedTorrent, _ infoHash: InfoHash
    ) async -> AnnounceRequest {
        let statistics = await torrent.statistics()
        var request = AnnounceRequest(
            infoHash: infoHash, peerID: self.configuration.peerID, port: AnnounceSource.unreachablePort,
            left: statistics.left, event: announcement.event)
        request.uploaded = statistics.uploaded
        request.downloaded = statistics.downloaded
        request.wanted = announcement.event == .stopped ? 0 : statistics.wanted
        request.key = self.configuration.key
        request.trackerID = announcement.trackerID
        request.offersReports = announcement.event != .stopped && !torrent.isOtherName
        return request
    }
}

extension TrackerError {
    /// What the error means for the schedule.
    var retry: AnnounceOutcome.Retry {
        switch self {
        case .unsupported: .never
        case .refused(let refusal):
            switch refusal.retry {
            case nil: .backOff
            case .minutes(let minutes): .after(.seconds(Int64(minutes) * 60))
            case .never: .never
            }
        case .status(_, _, let seconds): seconds.map { .after(.seconds(Int64($0))) } ?? .backOff
        case .unreachable, .garbage, .cancelled: .backOff
        }
    }
}
