// SPDX-License-Identifier: Apache-2.0

import PeerTransport
import StrategyHost
import SwarmModel
import Testing

/// The transport `mse`, as the plugin that ships.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins were not built"))
struct MessageStreamTests {
    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static func pair(
        _ first: LinkEncryption, _ second: LinkEncryption, seed: UInt64 = 1
    ) throws -> (StreamEnd, StreamEnd) {
        (
            try #require(try StreamEnd.make(.initiator, first, seed: seed)),
            try #require(try StreamEnd.make(.responder, second, seed: seed &+ 1))
        )
    }

    @Test(arguments: [1, 2, 3, 7, 20, 95, 96, 97, 500, 100_000], [LinkEncryption.allowed, .required])
    func `two that encrypt understand each other however the stream is cut`(
        _ slice: Int, _ encryption: LinkEncryption
    ) throws {
        let (left, right) = try Self.pair(.allowed, encryption, seed: UInt64(slice))
        StreamEnd.exchange(left, right, slice: slice)
        let expected: LinkState = encryption == .required ? .open : .bypassed
        #expect(left.instance.state == expected && right.instance.state == expected)
        #expect(right.instance.infoHash == StreamEnd.infoHash)
        let (question, answer) = (Self.bytes(10_007, seed: 3), Self.bytes(20_011, seed: 4))
        left.say(Array(question[..<5]))
        left.say(Array(question[5...]))
        right.say(answer)
        StreamEnd.exchange(left, right, slice: slice)
        #expect(right.plain == question)
        #expect(left.plain == answer)
    }

    @Test func `encryption required by the initiator alone encrypts everything`() throws {
        let (left, right) = try Self.pair(.required, .allowed)
        StreamEnd.exchange(left, right, slice: 1_000)
        #expect(left.instance.state == .open && right.instance.state == .open)
        let said = [UInt8](repeating: 0, count: 4_096)
        left.say(said)
        let wire = left.takeWire()
        #expect(wire.count == said.count)
        #expect(wire.count { $0 == 0 } < 100)
        right.receive(wire)
        #expect(right.plain == said)
    }

    @Test func `required encryption ends with the handshake where the operator says so and the peer agrees`() throws {
        let options = ["encrypt-payload": "false"]
        for (other, expected) in [(LinkEncryption.allowed, LinkState.bypassed), (.required, .open)] {
            let left = try #require(try StreamEnd.make(.initiator, .required, options: options))
            let right = try #require(try StreamEnd.make(.responder, other, seed: 2))
            StreamEnd.exchange(left, right, slice: 100)
            #expect(left.instance.state == expected && right.instance.state == expected)
            let back = try #require(try StreamEnd.make(.initiator, other, seed: 3))
            let here = try #require(try StreamEnd.make(.responder, .required, seed: 4, options: options))
            StreamEnd.exchange(back, here, slice: 100)
            #expect(back.instance.state == expected && here.instance.state == expected)
        }
    }

    @Test(arguments: [("true", "false"), ("false", "true"), ("false", "false"), ("true", "true")])
    func `two that encrypt understand each other whichever of them has AES switched off`(
        _ here: String, _ there: String
    ) throws {
        let left = try #require(try StreamEnd.make(.initiator, .required, options: ["aes": here]))
        let right = try #require(try StreamEnd.make(.responder, .required, seed: 2, options: ["aes": there]))
        StreamEnd.exchange(left, right, slice: 70)
        #expect(left.instance.state == .open && right.instance.state == .open)
        let said = Self.bytes(5_000, seed: 9)
        left.say(said)
        right.say(said)
        StreamEnd.exchange(left, right, slice: 333)
        #expect(left.plain == said)
        #expect(right.plain == said)
    }

    @Test func `where encryption is disabled there is no instance`() throws {
        #expect(try StreamEnd.make(.initiator, .disabled) == nil)
        #expect(try StreamEnd.make(.responder, .disabled) == nil)
        #expect(try StreamEnd.make(.initiator, .disabled, transport: "tcp") != nil)
        #expect(try StreamEnd.make(.responder, .required, transport: "tcp") == nil)
    }

    @Test func `plain TCP gives way before the first byte`() throws {
        let end = try #require(try StreamEnd.make(.responder, .allowed, transport: "tcp"))
        #expect(end.instance.state == .bypassed)
        #expect(end.takeWire() == [])
    }

    @Test func `no two connections have a key in common`() throws {
        let keys = try (0..<20).map { seed in
            let (left, right) = try Self.pair(.allowed, .allowed, seed: UInt64(seed / 2))
            let key = left.takeWire()
            right.receive(key)
            return (Array(key.prefix(96)), Array(right.takeWire().prefix(96)))
        }
        #expect(Set(keys.map(\.0) + keys.map(\.1)).count == 40)
    }

    @Test func `a torrent is named by a digest of its info-hash`() throws {
        let transport = try Fixture.host().makeTransport(named: "mse")
        let name = ReferenceExchange.digest("req2", StreamEnd.infoHash.bytes)
        #expect(transport.name(of: StreamEnd.infoHash)?.bytes == name)
    }

    @Test func `only the peers' own handshake does not begin this transport`() throws {
        let host = Fixture.host()
        let (mse, tcp) = (try host.makeTransport(named: "mse"), try host.makeTransport(named: "tcp"))
        func recognizing(_ bytes: [UInt8]) -> [Bool] {
            bytes.withUnsafeBytes { bytes in [tcp.mayBegin(with: bytes), mse.mayBegin(with: bytes)] }
        }
        let preamble = [19] + Array("BitTorrent protocol".utf8)
        #expect(recognizing(preamble) == [true, false])
        #expect(recognizing(preamble + [0, 0]) == [true, false])
        #expect(recognizing(Array(preamble.prefix(19))) == [true, true])
        #expect(recognizing([19]) == [true, true])
        #expect(recognizing([18]) == [false, true])
        #expect(recognizing(Array(preamble.prefix(19)) + [0]) == [false, true])
    }

    @Test(arguments: 0..<20)
    func `strange bytes end the connection, after 628 of them at the latest`(_ seed: Int) throws {
        for role in [LinkRole.initiator, .responder] {
            let end = try #require(try StreamEnd.make(role, .allowed, seed: UInt64(seed)))
            // Less than the prime, so that it may be a key.
            var garbage = [0x7f] + Self.bytes(626, seed: UInt64(seed))
            if role == .initiator { garbage = Array(garbage.prefix(615)) }
            end.receive(garbage)
            #expect(end.instance.state == .starting)
            end.receive([1])
            #expect(end.instance.state == .failed)
            #expect(end.instance.failure == "the peer does not show that it has the keys")
            #expect(end.plain == [])
        }
    }

    @Test(arguments: [LinkRole.initiator, .responder])
    func `numbers that are no keys are refused`(_ role: LinkRole) throws {
        let zero = [UInt8](repeating: 0, count: 95)
        for key in [
            zero + [0], zero + [1], ReferenceExchange.prime(plus: -1), ReferenceExchange.prime(plus: 0),
            ReferenceExchange.prime(plus: 5), [UInt8](repeating: 0xff, count: 96),
        ] {
            let end = try #require(try StreamEnd.make(role, .allowed))
            end.receive(key)
            #expect(end.instance.failure == "the peer's key is none")
        }
        let end = try #require(try StreamEnd.make(role, .allowed))
        end.receive(zero + [2])
        #expect(end.instance.state == .starting)
    }

    @Test func `a torrent that is not here is refused`() throws {
        let left = try #require(try StreamEnd.make(.initiator, .allowed))
        let right = try #require(try StreamEnd.make(.responder, .allowed, knows: nil))
        StreamEnd.exchange(left, right, slice: 64)
        #expect(right.instance.failure == "the peer wants a torrent that is not here")
        #expect(left.instance.state == .starting)
    }
}
