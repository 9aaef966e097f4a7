// SPDX-License-Identifier: Apache-2.0

import Testing
import TrackerServer

@Suite struct TrackerStatusTests {
    @Test func `the rate is that since the last look`() {
        let status = TrackerStatus()
        let start = ContinuousClock.now
        #expect(status.text(TrackerFigures(torrents: 0, peers: 0, announces: 7), at: start) == "0 swarms, 0 peers")
        #expect(
            status.text(TrackerFigures(torrents: 1, peers: 1, announces: 27), at: start + .seconds(5))
                == "1 swarm, 1 peer; 4 announces/s")
        #expect(
            status.text(TrackerFigures(torrents: 3, peers: 120, announces: 27), at: start + .seconds(10))
                == "3 swarms, 120 peers; 0 announces/s")
    }

    @Test func `two looks at the same moment give no rate`() {
        let (status, start) = (TrackerStatus(), ContinuousClock.now)
        _ = status.text(TrackerFigures(torrents: 0, peers: 0, announces: 0), at: start)
        #expect(status.text(TrackerFigures(torrents: 0, peers: 0, announces: 9), at: start) == "0 swarms, 0 peers")
    }
}
