// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct LimitTests {
    @Test func `limits of a torrent last over restarts, one by one`() async throws {
        try await DaemonFixture.withFolder { folder in
            try await DaemonFixture.wake(in: folder) { daemon in
                _ = try await daemon.share(try daemon.payload("release"))
                let both = try await daemon.directory.limit(.init(id: "release", down: 5_000, up: 7_000))
                #expect(both.down == 5_000 && both.up == 7_000 && both.name == "release")
                let one = try await daemon.directory.limit(.init(id: "release", up: 0))
                #expect(one.down == 5_000 && one.up == 0)
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let detail = try await daemon.directory.detail("release")
                #expect(detail.downLimit == 5_000 && detail.upLimit == 0)
            }
        }
    }

    @Test func `a rate that is none is refused and changes nothing`() async throws {
        try await DaemonFixture.run { daemon in
            _ = try await daemon.share(try daemon.payload("release"))
            for (down, up) in [(-1, nil), (nil, -5), (Int.max, 4), (4, Int.min)] as [(Int?, Int?)] {
                let error = await #expect(throws: ControlError.self) {
                    try await daemon.directory.limit(.init(id: "release", down: down, up: up))
                }
                #expect(error?.code == .invalidParams)
            }
            let detail = try await daemon.directory.detail("release")
            #expect(detail.downLimit == 0 && detail.upLimit == 0)
        }
    }
}
