// SPDX-License-Identifier: Apache-2.0

import Systemd
import Testing

@Suite struct StatusLineTests {
    @Test func `the line is sent, and nothing is asked when nobody listens`() async throws {
        let manager = try NotifySocketFixture()
        let line = StatusLine(notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name])) { "3 torrents" }
        let task = Task { await line.run() }
        var heard: String?
        while heard == nil {
            heard = manager.next()
            await Task.yield()
        }
        #expect(heard == "STATUS=3 torrents")
        task.cancel()
        await task.value
        await StatusLine(notifier: ServiceNotifier(environment: [:])) {
            Issue.record("asked")
            return ""
        }.run()
    }
}
