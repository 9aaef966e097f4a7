// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite struct StatusServiceTests {
    private static func summary(_ state: TorrentState, down: Int = 0, up: Int = 0) -> TorrentSummary {
        TorrentSummary(
            infoHash: InfoHash(Bytes20(high: 1, middle: 2, low: 3)), name: "alma", state: state, progress: 0, size: 1,
            downloaded: 0, uploaded: 0,
            downRate: down, upRate: up, peers: 0, seeds: 0, eta: nil, error: nil)
    }

    @Test func `the line counts torrents and adds up rates`() {
        var figures = DirectoryFigures()
        #expect(StatusService.text(figures) == "0 torrents; 0 B/s down, 0 B/s up")
        figures.add(Self.summary(.downloading, down: 55 << 20, up: 1 << 20))
        #expect(StatusService.text(figures) == "1 torrent, 1 downloading; 55.0 MiB/s down, 1.0 MiB/s up")
        figures.add(Self.summary(.suspended))
        figures.add(Self.summary(.checking))
        figures.add(Self.summary(.seeding, up: 1 << 20))
        #expect(
            StatusService.text(figures)
                == "4 torrents, 1 downloading, 1 checking, 1 suspended; 55.0 MiB/s down, 2.0 MiB/s up")
    }
}
