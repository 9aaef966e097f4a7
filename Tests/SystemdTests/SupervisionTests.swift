// SPDX-License-Identifier: Apache-2.0

import Systemd
import Testing

@Suite struct SupervisionTests {
    @Test func `a process that nobody supervises has nothing to say`() {
        let supervision = Supervision.none
        #expect(!supervision.notifier.isEnabled && !supervision.isUnit)
        #expect(supervision.watchdogInterval == nil)
        #expect(supervision.sockets.sockets.isEmpty)
    }

    @Test(arguments: [
        (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"], Duration.seconds(30)),
        (["WATCHDOG_USEC": "250000"], .milliseconds(250)), (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "41"], nil),
        (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
    ])
    func `the watchdog is for the process that it names`(environment: [String: String], interval: Duration?) {
        #expect(WatchdogInterval.from(environment: environment, process: 42) == interval)
    }

    @Test func `a unit is known by its invocation`() {
        #expect(Supervision(environment: ["INVOCATION_ID": "ab"], process: 1).isUnit)
    }
}
