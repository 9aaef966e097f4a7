// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SwarmModel
package import TrackerWire

/// Tells trackers that keep a piece map which pieces arrive, and torrents what the trackers know: advice that makes them
/// faster and that they can do without. One timer for all torrents; it rests while no tracker of theirs keeps a map.
package actor PieceMapClient {
    /// Between two looks at torrents that need something, and at those that need nothing.
    private static let shortRest = Duration.milliseconds(500)
    private static let longRest = Duration.seconds(5)

    let configuration: Announcer.Configuration
    let client: TrackerClient
    let logger: Logger
    /// Every torrent that is looked after.
    private var known: [InfoHash: any MappedTorrent] = [:]
    /// Those with a tracker that keeps a map, or has kept one.
    var torrents: [InfoHash: Boxed<MappedStanding>] = [:]
    var random: SplitMix64
    private var timer: Task<Void, Never>?
    private let origin = ContinuousClock.now

    /// `configuration` is that of the announcer: trackers know us by the same names.
    package init(client: TrackerClient, configuration: Announcer.Configuration, seed: UInt64, logger: Logger) {
        self.client = client
        self.configuration = configuration
        self.random = SplitMix64(seed: seed)
        self.logger = logger
    }

    /// Begins to look after a torrent, once one of its trackers is known to keep a map. One that is there is replaced.
    package func add(_ infoHash: InfoHash, _ torrent: any MappedTorrent) {
        self.known[infoHash] = torrent
        self.torrents[infoHash] = nil
    }

    /// Ends it.
    package func remove(_ infoHash: InfoHash) {
        self.known[infoHash] = nil
        self.torrents[infoHash] = nil
        if self.torrents.isEmpty {
            self.timer?.cancel()
            self.timer = nil
        }
    }

    /// Ends everything.
    package func shutdown() {
        for infoHash in Array(self.known.keys) { self.remove(infoHash) }
    }

    /// A tracker took an announce. HTTP trackers say whether they keep a map, UDP trackers are asked by the first report.
    package func announced(_ infoHash: InfoHash, to url: String, _ response: AnnounceResponse) {
        guard let torrent = self.known[infoHash] else { return }
        let isDatagram = url.lowercased().hasPrefix("udp:")
        guard isDatagram || response.reportPeriod != nil else {
            if self.torrents[infoHash]?.value.url == url { self.torrents[infoHash]?.value.url = nil }
            return
        }
        var standing = self.torrents[infoHash] ?? Boxed(MappedStanding(torrent))
        standing.value.announced(to: url, at: self.now)
        self.torrents[infoHash] = standing
        self.arm()
    }

    /// How often the torrent's tracker wants reports, and whether it knows what is here; nil without such a tracker.
    package func standing(of infoHash: InfoHash) -> (period: Interval, isKnown: Bool)? {
        guard let reporting = self.torrents[infoHash]?.value.reporting else { return nil }
        return (reporting.period, reporting.isKnown)
    }

    var now: Instant {
        let (seconds, attoseconds) = (ContinuousClock.now - self.origin).components
        return Instant(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private func arm() {
        guard self.timer == nil else { return }
        self.timer = Task { [weak self] in
            while !Task.isCancelled {
                guard let rest = await self?.look() else { return }
                do { try await Task.sleep(for: rest, tolerance: .milliseconds(50)) } catch { return }
            }
        }
    }

    /// Looks at all torrents; returns how long to rest, nil when there is none left to look at.
    private func look() -> Duration? {
        var rest = Self.longRest
        var isAnyMapped = false
        for (infoHash, box) in self.torrents where box.value.url != nil {
            let standing = box.value
            isAnyMapped = true
            let need = standing.torrent.need
            guard need != .nothing else { continue }
            rest = Self.shortRest
            guard !standing.isBusy else { continue }
            self.torrents[infoHash]?.value.isBusy = true
            Task {
                await self.serve(infoHash, need)
                self.torrents[infoHash]?.value.isBusy = false
            }
        }
        if isAnyMapped { return rest }
        self.timer = nil
        return nil
    }

    private func serve(_ infoHash: InfoHash, _ need: MappedNeed) async {
        switch need {
        case .download:
            await self.report(infoHash)
            await self.askCounts(infoHash)
            await self.askHolders(infoHash)
        case .source: await self.askUnsent(infoHash)
        case .nothing: break
        }
    }
}
