// SPDX-License-Identifier: Apache-2.0

import ControlWire
import PeerNetwork
import Testing

@testable import SwarmDaemon

@Suite struct StatusServiceTests {
    private static func pulse(_ phase: TorrentPhase, down: Double = 0, up: Double = 0) -> TorrentPulse {
        TorrentPulse(phase: phase, peers: 1, downloadRate: down, uploadRate: up)
    }

    @Test func `the line counts torrents and adds up rates`() {
        var figures = DirectoryFigures()
        #expect(StatusService.text(figures) == "0 torrents; 0 B/s down, 0 B/s up")
        figures.add(
            .downloading, Self.pulse(.downloading, down: 55 * 1_048_576, up: 1_048_576), downloaded: 0, uploaded: 0)
        #expect(StatusService.text(figures) == "1 torrent, 1 downloading; 55.0 MiB/s down, 1.0 MiB/s up")
        figures.add(.suspended, nil, downloaded: 0, uploaded: 0)
        figures.add(.checking, nil, downloaded: 7, uploaded: 9)
        figures.add(.seeding, Self.pulse(.seeding, down: 4_096, up: 1_048_576), downloaded: 3, uploaded: 1)
        #expect(
            StatusService.text(figures)
                == "4 torrents, 1 downloading, 1 checking, 1 suspended; 55.0 MiB/s down, 2.0 MiB/s up")
        #expect(figures.peers == 2 && figures.downloaded == 10 && figures.uploaded == 10)
    }
}
