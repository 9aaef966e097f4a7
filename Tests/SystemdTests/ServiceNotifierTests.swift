// SPDX-License-Identifier: Apache-2.0

import Systemd
import Testing

@Suite struct ServiceNotifierTests {
    @Test(arguments: [false, true]) func `each word arrives as one datagram`(abstract: Bool) throws {
        let manager = try NotifySocketFixture(abstract: abstract)
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name])
        #expect(notifier.isEnabled)
        notifier.ready()
        notifier.status("12 torrents\nREADY=0")
        notifier.stopping()
        notifier.watchdog()
        notifier.extendTimeout(by: .milliseconds(1_500))
        #expect(manager.next() == "READY=1")
        #expect(manager.next() == "STATUS=12 torrents READY=0", "a status cannot smuggle in another assignment")
        #expect(manager.next() == "STOPPING=1")
        #expect(manager.next() == "WATCHDOG=1")
        #expect(manager.next() == "EXTEND_TIMEOUT_USEC=1500000")
        #expect(manager.next() == nil)
    }

    @Test func `a reload says when it began`() throws {
        let manager = try NotifySocketFixture()
        ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name]).reloading()
        let datagram = try #require(manager.next())
        let lines = datagram.split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let moment = try #require(lines.last?.split(separator: "=").last.flatMap { Int64($0) })
        #expect(moment > 0)
    }

    @Test(arguments: [nil, "", "relative/path", "@", "/" + String(repeating: "x", count: 120)])
    func `without a socket that can be meant nothing is sent`(name: String?) {
        let notifier = ServiceNotifier(environment: name.map { ["NOTIFY_SOCKET": $0] } ?? [:])
        #expect(!notifier.isEnabled)
        notifier.ready()
    }

    @Test func `a manager that is gone keeps nobody waiting`() {
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": "/nonexistent/notify"])
        notifier.ready()
        notifier.watchdog()
    }
}
