// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Glibc
import Testing

@Suite struct AccessTests {
    private static func policy(group: UInt32? = 50, others: Bool = false) -> AccessPolicy {
        AccessPolicy(daemonUser: 990, groupName: "swarm", groupNumber: group, othersMayRead: others)
    }

    @Test(arguments: [
        (PeerIdentity(uid: 0, gid: 0, pid: 1), true), (PeerIdentity(uid: 990, gid: 990, pid: 1), true),
        (PeerIdentity(uid: 1_000, gid: 50, pid: 1), true),
        (PeerIdentity(uid: 1_000, gid: 1_000, pid: 1, groups: [4, 50]), true),
        (PeerIdentity(uid: 1_000, gid: 1_000, pid: 1, groups: [4, 51]), false),
        (PeerIdentity(uid: 1_000, gid: 0, pid: 1, groups: [0]), false),
    ])
    func `root, the daemon's user and the group may change things`(peer: PeerIdentity, may: Bool) {
        let caller = Self.policy().caller(peer)
        #expect(caller.mayChange == may)
        #expect(caller.mayRead == may)
        #expect((Self.policy().refusal(of: .change, to: caller) == nil) == may)
    }

    @Test func `others look if the configuration says so`() {
        let caller = Self.policy(others: true).caller(PeerIdentity(uid: 1_000, gid: 1_000, pid: 1))
        #expect(caller.mayRead && !caller.mayChange)
        #expect(Self.policy(others: true).refusal(of: .read, to: caller) == nil)
        #expect(Self.policy(others: true).refusal(of: .change, to: caller)?.code == .permission)
    }

    @Test func `a refusal names the group and the remedy`() throws {
        let caller = Self.policy().caller(PeerIdentity(uid: 1_000, gid: 1_000, pid: 1))
        let error = try #require(Self.policy().refusal(of: .read, to: caller))
        #expect(error.message.contains("sudo usermod -aG swarm $USER"))
        let missing = try #require(Self.policy(group: nil).refusal(of: .change, to: caller))
        #expect(missing.message.contains("groupadd --system swarm"))
    }

    @Test func `without such a group nobody is in it`() {
        let caller = Self.policy(group: nil).caller(PeerIdentity(uid: 1_000, gid: 0, pid: 1, groups: [0]))
        #expect(!caller.mayChange)
    }

    @Test func `the group of root is found by name`() {
        #expect(AccessPolicy(groupName: "root", othersMayRead: false).groupNumber == 0)
        #expect(AccessPolicy(groupName: "no-such-group-here", othersMayRead: false).groupNumber == nil)
    }

    @Test func `methods check permission before anything else`() async throws {
        let responder = ControlResponder(router: ServerFixture.router, policy: Self.policy(others: true))
        let caller = Self.policy(others: true).caller(PeerIdentity(uid: 1_000, gid: 1_000, pid: 1))
        let pause = #"{"jsonrpc":"2.0","id":1,"method":"torrent.pause","params":{"id":3}}"#
        let refused = await responder.answer(to: Array(pause.utf8), from: caller)
        #expect(String(decoding: refused.text ?? [], as: UTF8.self).contains(#""name":"permission""#))
        let look = #"{"jsonrpc":"2.0","id":1,"method":"daemon.version"}"#
        let allowed = await responder.answer(to: Array(look.utf8), from: caller)
        #expect(String(decoding: allowed.text ?? [], as: UTF8.self).contains(#""result""#))
    }

    @Test func `strangers do not learn which methods there are`() async throws {
        let responder = ControlResponder(router: ServerFixture.router, policy: Self.policy())
        let caller = Self.policy().caller(PeerIdentity(uid: 1_000, gid: 1_000, pid: 1))
        for method in ["daemon.version", "no.such"] {
            let line = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"#
            let answer = await responder.answer(to: Array(line.utf8), from: caller)
            #expect(String(decoding: answer.text ?? [], as: UTF8.self).contains(#""name":"permission""#))
        }
    }

    @Test func `a router tells what it lacks`() {
        #expect(ServerFixture.router.methods == ["daemon.version", "torrent.pause"])
        #expect(ServerFixture.router.missing.count == ControlProtocol.methods.count - 2)
        #expect(!ServerFixture.router.missing.contains("torrent.pause"))
    }

    @Test func `rules that change hold for the next caller, and show in the socket's mode`() async throws {
        let rules = AccessRules(ServerFixture.policy)
        try await ServerFixture.run(adjust: { $0.access = rules }) { path in
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o660)
            let open = AccessPolicy(daemonUser: geteuid(), groupName: "swarm", groupNumber: nil, othersMayRead: true)
            #expect(rules.change(to: open))
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o666)
            #expect(rules.policy == open)
            unlink(path)
            #expect(!rules.change(to: ServerFixture.policy))
        }
    }
}
