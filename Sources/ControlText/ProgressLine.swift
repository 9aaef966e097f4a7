// SPDX-License-Identifier: Apache-2.0

package import ControlWire

/// One line that tells how far something is: a bar for a terminal, or a plain sentence.
package struct ProgressLine: Equatable, Sendable {
    /// How far, 0…1.
    package var progress: Double
    /// What stands behind the percentage: rates, peers, time left.
    package var facts: [String]
    /// What it is about.
    package var name: String

    private static let widestBar = 40
    private static let narrowestBar = 8
    private static let widestName = 40

    /// Takes the parts as they are.
    package init(progress: Double, facts: [String], name: String) {
        self.progress = progress
        self.facts = facts
        self.name = Printable.clean(name)
    }

    /// How far a torrent is.
    package init(_ torrent: TorrentSummary) {
        var facts: [String] = []
        switch torrent.state {
        case .downloading, .seeding:
            facts.append("\(SizeText.rate(torrent.downRate)) down")
            facts.append("\(SizeText.rate(torrent.upRate)) up")
            facts.append("\(torrent.peers) peer\(torrent.peers == 1 ? "" : "s")")
            if torrent.state == .downloading {
                facts.append("ETA \(torrent.eta.map(DurationText.duration) ?? "-")")
            }
        case .metadata: facts = ["fetching metadata", "\(torrent.peers) peer\(torrent.peers == 1 ? "" : "s")"]
        case .checking, .paused, .queued, .suspended: facts = [torrent.state.rawValue]
        }
        self.init(progress: torrent.progress, facts: facts, name: torrent.name)
    }

    /// How far a job is.
    package init(_ job: JobStatus) {
        let progress = job.total > 0 ? Double(job.done) / Double(job.total) : 0
        var facts = [Self.word(for: job.kind)]
        if job.total > 0 { facts.append("\(SizeText.size(job.done)) of \(SizeText.size(job.total))") }
        self.init(progress: progress, facts: facts, name: job.name ?? "")
    }

    private static func word(for kind: JobKind) -> String {
        switch kind {
        case .share: "hashing"
        case .verify: "verifying"
        case .remove: "deleting"
        case .fetch: "fetching"
        case .move: "moving"
        }
    }

    /// For a terminal of `width` columns: `[#####-----]  50.0%  …`, never longer than that.
    package func bar(width: Int) -> String {
        let percent = SizeText.percent(self.progress)
        let padding = String(repeating: " ", count: max(0, 6 - percent.count))
        var tail = " \(padding)\(percent)"
        for fact in self.facts where Printable.columns(tail) + fact.count + 2 + Self.narrowestBar + 3 <= width {
            tail += "  " + fact
        }
        let room = width - Printable.columns(tail) - 3
        var text = self.gauge(cells: max(0, min(Self.widestBar, room))) + tail
        let left = width - 1 - Printable.columns(text) - 2
        if left >= Self.narrowestBar, !self.name.isEmpty {
            text += "  " + Printable.fit(self.name, to: min(left, Self.widestName))
        }
        return Printable.fit(text, to: max(0, width - 1))
    }

    /// For a pipe or a log: `50.0%, 1.0 MiB/s down, …: name`.
    package var plain: String {
        let facts = ([SizeText.percent(self.progress)] + self.facts).joined(separator: ", ")
        return self.name.isEmpty ? facts : "\(self.name): \(facts)"
    }

    private func gauge(cells: Int) -> String {
        let fraction = self.progress.isFinite ? min(max(self.progress, 0), 1) : 0
        let full = Int(fraction * Double(cells))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full) + "]"
    }
}
