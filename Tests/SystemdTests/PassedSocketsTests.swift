// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Systemd

@Suite(.serialized) struct PassedSocketsTests {
    private static func environment(_ count: String, names: String? = nil, process: String = "42") -> [String: String] {
        var result = ["LISTEN_PID": process, "LISTEN_FDS": count]
        result["LISTEN_FDNAMES"] = names
        return result
    }

    @Test func `sockets are counted from three and named in turn`() {
        let passed = PassedSockets(environment: Self.environment("3", names: "control:metrics"), process: 42)
        #expect(passed.sockets.map(\.descriptor) == [3, 4, 5])
        #expect(passed.sockets.map(\.name) == ["control", "metrics", "unknown"])
    }

    @Test(arguments: [
        environment("1", process: "41"), environment("-1"), environment("0"), environment("many"), environment("65"),
        ["LISTEN_FDS": "1"], [:],
    ])
    func `what is not for this process is left alone`(environment: [String: String]) throws {
        let passed = PassedSockets(environment: environment, process: 42)
        #expect(passed.sockets.isEmpty)
        #expect(try passed.listener(named: "control") == nil)
    }

    @Test func `the named socket is taken, closed to children and made not to block`() throws {
        let sockets = try SocketRow([.unixListener])
        let listener = try #require(try sockets.passed(names: "control").listener(named: "control"))
        #expect(listener == ListeningSocket(descriptor: sockets.first, path: sockets.path))
        #expect(fcntl(sockets.first, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(sockets.first, F_GETFL) & O_NONBLOCK != 0)
    }

    @Test func `a socket of another name is taken when it is the only one that can be meant`() throws {
        let sockets = try SocketRow([.unixListener])
        #expect(try sockets.passed(names: "swarmd.socket").listener(named: "control") != nil)
    }

    @Test(arguments: [
        ([SocketRow.Kind.unixDatagram], "control", "a Unix datagram socket that does not listen"),
        ([.unixStream], "control", "a Unix stream socket that does not listen"),
        ([.internetStream], "control", "IPv4 stream socket that does not listen"),
        ([.internetStream], "peers", "no use"), ([.unixListener, .internetStream], "control:peers", "peers"),
        ([.internetStream, .unixListener], "peers:control", "peers"), ([.file], "control", "no socket"),
    ])
    func `a socket of another kind is refused by name`(
        kinds: [SocketRow.Kind], names: String, words: String
    ) throws {
        let sockets = try SocketRow(kinds)
        do {
            _ = try sockets.passed(names: names).listener(named: "control")
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains(words))
        }
    }
}
