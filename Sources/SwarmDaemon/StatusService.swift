// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import ServiceLifecycle
import Systemd

/// Shows torrents and rates in `systemctl status`.
struct StatusService: Service {
    let notifier: ServiceNotifier
    let directory: TorrentDirectory

    func run() async throws {
        let directory = self.directory
        let line = StatusLine(notifier: self.notifier) { Self.text(await directory.figures()) }
        await cancelWhenGracefulShutdown { await line.run() }
    }

    /// `12 torrents, 3 downloading; 55.0 MiB/s down, 3.1 MiB/s up`; states in which there is nothing are left out.
    static func text(_ figures: DirectoryFigures) -> String {
        let counts = figures.counts
        let states = [
            (counts.downloading, "downloading"), (counts.checking, "checking"), (counts.suspended, "suspended"),
        ]
        let torrents =
            ["\(counts.total) torrent\(counts.total == 1 ? "" : "s")"]
            + states.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return torrents.joined(separator: ", ")
            + "; \(SizeText.rate(figures.downRate)) down, \(SizeText.rate(figures.upRate)) up"
    }
}
