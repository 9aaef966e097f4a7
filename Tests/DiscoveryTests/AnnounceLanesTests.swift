// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import Discovery

@Suite struct AnnounceLanesTests {
    @Test func `a tracker is told by its host and port`() {
        #expect(AnnounceLanes.name(of: "http://a.example:6969/announce?x=/") == "a.example:6969")
        #expect(AnnounceLanes.name(of: "udp://[::1]:80") == "[::1]:80")
        #expect(AnnounceLanes.name(of: "nonsense") == "nonsense")
        #expect(AnnounceLanes.name(of: "") == "")
    }

    @Test func `who finds a lane full waits in turn, and whoever cannot go is passed over`() {
        var lanes = AnnounceLanes(limit: 2)
        let hashes = (0..<6).map { InfoHash(repeating: UInt8($0)) }
        var entered: [Bool] = []
        for infoHash in hashes.prefix(4) { entered.append(lanes.enter("a", infoHash)) }
        entered.append(lanes.enter("b", hashes[4]))
        entered.append(lanes.enter("a", hashes[5]))
        #expect(entered == [true, true, false, false, true, false])
        var asked: [InfoHash] = []
        lanes.leave("a") { infoHash in
            asked.append(infoHash)
            return infoHash != hashes[2]
        }
        #expect(asked == [hashes[2], hashes[3]])
        let isIn = lanes.enter("a", hashes[3])
        #expect(isIn)
        lanes.leave("a") { $0 == hashes[5] }
        lanes.leave("a") { _ in
            Issue.record("nobody waits")
            return true
        }
    }
}
