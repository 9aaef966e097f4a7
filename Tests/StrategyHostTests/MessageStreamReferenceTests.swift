// SPDX-License-Identifier: Apache-2.0

import CAES
import PeerTransport
import SwarmModel
import Testing

/// The transport `mse` against an implementation of its other side that shares nothing with it.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins were not built"))
struct MessageStreamReferenceTests {
    private static let hash = StreamEnd.infoHash.bytes

    /// What an initiator of the reference says after it has the responder's key.
    struct Request {
        var hash = MessageStreamReferenceTests.hash
        var constant = [UInt8](repeating: 0, count: 8)
        var methods: UInt32 = 3
        var padding = 0
        var statedPadding: Int?
        var initial: [UInt8] = []
    }

    private final class Dialogue {
        let end: StreamEnd
        let secret: [UInt8]
        var sending: ReferenceCipher
        var receiving: ReferenceCipher

        init(_ end: StreamEnd, _ secret: [UInt8], sending: ReferenceCipher, receiving: ReferenceCipher) {
            self.end = end
            self.secret = secret
            self.sending = sending
            self.receiving = receiving
        }

        /// AES in the direction called `name`.
        func blocks(_ name: String) -> ReferenceBlockCipher {
            let key = ReferenceExchange.digest(name, self.secret, MessageStreamReferenceTests.hash)
            return ReferenceBlockCipher(key: Array(key.prefix(16)))
        }
    }

    private static func word(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }

    private static func number(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    private static func number(in bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// What AES is offered as, and what an initiator offers that may go on in the clear and one that must not.
    private static let aes: UInt32 = 0x0100_0000
    private static let anything: UInt32 = 3 | (caes_available() != 0 ? Self.aes : 0)
    private static let encrypted: UInt32 = 2 | (caes_available() != 0 ? Self.aes : 0)

    /// Goes through the handshake as an initiator up to the request.
    private static func ask(
        _ encryption: LinkEncryption, _ request: Request = Request(), padA: Int = 0
    ) throws -> Dialogue {
        let end = try #require(try StreamEnd.make(.responder, encryption))
        let exchange = ReferenceExchange.initiator
        end.receive(exchange.publicKey + [UInt8](repeating: 0x55, count: padA))
        let key = Array(end.takeWire().prefix(96))
        #expect(key.count == 96)
        let secret = exchange.secret(with: key)
        var outgoing = ReferenceCipher(key: ReferenceExchange.digest("keyA", secret, request.hash))
        let incoming = ReferenceCipher(key: ReferenceExchange.digest("keyB", secret, request.hash))
        let name = ReferenceExchange.digest("req2", request.hash)
        let mask = ReferenceExchange.digest("req3", secret)
        let padding = [UInt8](repeating: 0, count: request.padding)
        let offer: [UInt8] =
            request.constant + Self.number(request.methods) + Self.word(request.statedPadding ?? request.padding)
            + padding
            + Self.word(request.initial.count) + request.initial
        end.receive(ReferenceExchange.digest("req1", secret) + zip(name, mask).map { $0 ^ $1 })
        end.receive(outgoing.applied(to: offer))
        return Dialogue(end, secret, sending: outgoing, receiving: incoming)
    }

    /// The responder's answer, decrypted: the method, if it is well made.
    private static func method(of dialogue: Dialogue) -> UInt32? {
        let answer = dialogue.receiving.applied(to: dialogue.end.takeWire())
        guard answer.count >= 14, answer.prefix(8).allSatisfy({ $0 == 0 }) else { return nil }
        let padding = Int(answer[12]) << 8 | Int(answer[13])
        guard padding <= 512, answer.count == 14 + padding else { return nil }
        return Self.number(in: answer[8..<12])
    }

    @Test func `the reference cipher is RC4`() {
        var cipher = ReferenceCipher(key: Array("Key".utf8), dropping: 0)
        #expect(
            cipher.applied(to: Array("Plaintext".utf8)) == [0xbb, 0xf3, 0x16, 0xe8, 0xd9, 0x40, 0xaf, 0x0a, 0xd3])
    }

    @Test(arguments: [0, 1, 511, 512], [0, 1, 512])
    func `a responder takes padding of every length`(_ padA: Int, _ padC: Int) throws {
        var request = Request(methods: 2, padding: padC)
        request.initial = Array("hello".utf8)
        let dialogue = try Self.ask(.allowed, request, padA: padA)
        #expect(Self.method(of: dialogue) == 2)
        #expect(dialogue.end.instance.state == .open)
        #expect(dialogue.end.plain == Array("hello".utf8))
        dialogue.end.receive(dialogue.sending.applied(to: Array("world".utf8)))
        #expect(dialogue.end.plain == Array("helloworld".utf8))
        dialogue.end.say(Array("answer".utf8))
        #expect(dialogue.receiving.applied(to: dialogue.end.takeWire()) == Array("answer".utf8))
    }

    @Test func `where plain bytes are agreed on, the first ones are encrypted all the same`() throws {
        let dialogue = try Self.ask(.allowed, Request(methods: 3, initial: Array("first".utf8)))
        #expect(Self.method(of: dialogue) == 1)
        #expect(dialogue.end.plain == Array("first".utf8))
        #expect(dialogue.end.instance.state == .bypassed)
    }

    @Test(
        arguments: [
            (.allowed, 1, 1), (.allowed, 2, 2), (.allowed, 3, 1), (.required, 2, 2), (.required, 3, 2),
            (.allowed, 0xff00_00fd, 1), (.required, 0xfe00_00ff, 2),
        ] as [(LinkEncryption, UInt32, UInt32)])
    func `the method is what the operator allows`(_ encryption: LinkEncryption, _ methods: UInt32, _ method: UInt32)
        throws
    {
        let dialogue = try Self.ask(encryption, Request(methods: methods))
        #expect(Self.method(of: dialogue) == method)
    }

    @Test(.enabled(if: caes_available() != 0), arguments: ["", "first bytes"])
    func `a responder changes to AES after the first bytes, which are encrypted as the handshake is`(
        _ initial: String
    ) throws {
        let dialogue = try Self.ask(.required, Request(methods: 3 | Self.aes, padding: 5, initial: Array(initial.utf8)))
        #expect(Self.method(of: dialogue) == Self.aes)
        #expect(dialogue.end.instance.state == .open)
        #expect(dialogue.end.plain == Array(initial.utf8))
        var (sending, receiving) = (dialogue.blocks("aesA"), dialogue.blocks("aesB"))
        for said in ["more", " than one block of it, and not a whole number of them", "!"] {
            dialogue.end.receive(sending.applied(to: Array(said.utf8)))
            dialogue.end.say(Array(said.utf8))
            #expect(receiving.applied(to: dialogue.end.takeWire()) == Array(said.utf8))
        }
        #expect(String(decoding: dialogue.end.plain, as: UTF8.self).hasPrefix(initial + "more than one block"))
    }

    @Test(.enabled(if: caes_available() != 0), arguments: [0, 9])
    func `an initiator changes to AES where that is selected`(_ padD: Int) throws {
        let (offered, dialogue) = try Self.answer(.required, method: Self.aes, padD: padD)
        #expect(offered == 2 | Self.aes)
        #expect(dialogue.end.instance.state == .open)
        var (sending, receiving) = (dialogue.blocks("aesB"), dialogue.blocks("aesA"))
        let said = Array("more than one block of it, and not a whole number of them".utf8)
        dialogue.end.receive(sending.applied(to: said))
        #expect(dialogue.end.plain == said)
        dialogue.end.say(said)
        #expect(receiving.applied(to: dialogue.end.takeWire()) == said)
    }

    @Test(arguments: [(.required, 1), (.allowed, 0), (.allowed, 4)] as [(LinkEncryption, UInt32)])
    func `no method in common ends the connection`(_ encryption: LinkEncryption, _ methods: UInt32) throws {
        let dialogue = try Self.ask(encryption, Request(methods: methods))
        #expect(dialogue.end.instance.failure == "the peer offers no method that is allowed here")
    }

    @Test func `a wrong constant ends the connection`() throws {
        let dialogue = try Self.ask(.allowed, Request(constant: [0, 0, 0, 0, 0, 0, 0, 1]))
        #expect(dialogue.end.instance.failure == "the peer's keys are not ours")
    }

    @Test func `more padding than there may be ends the connection`() throws {
        #expect(
            try Self.ask(.allowed, Request(statedPadding: 513)).end.instance.failure
                == "the peer sends too much padding")
        #expect(
            try Self.ask(.allowed, padA: 513).end.instance.failure == "the peer does not show that it has the keys")
    }

    @Test func `another torrent's name is refused`() throws {
        let dialogue = try Self.ask(.allowed, Request(hash: [UInt8](repeating: 9, count: 20)))
        #expect(dialogue.end.instance.failure == "the peer wants a torrent that is not here")
    }

    /// Goes through the handshake as a responder; returns what the initiator offered and what came of `answer`.
    private static func answer(
        _ encryption: LinkEncryption, method: UInt32, padB: Int = 0, padD: Int = 0, statedPadding: Int? = nil,
        constant: UInt8 = 0
    ) throws -> (offered: UInt32, dialogue: Dialogue) {
        let end = try #require(try StreamEnd.make(.initiator, encryption))
        let key = Array(end.takeWire().prefix(96))
        let exchange = ReferenceExchange.responder
        let secret = exchange.secret(with: key)
        end.receive(exchange.publicKey + [UInt8](repeating: 0xaa, count: padB))
        let request = end.takeWire()
        #expect(Array(request.prefix(20)) == ReferenceExchange.digest("req1", secret))
        let name = ReferenceExchange.digest("req2", Self.hash)
        let mask = ReferenceExchange.digest("req3", secret)
        #expect(Array(request[20..<40]) == zip(name, mask).map { $0 ^ $1 })
        var incoming = ReferenceCipher(key: ReferenceExchange.digest("keyA", secret, Self.hash))
        var outgoing = ReferenceCipher(key: ReferenceExchange.digest("keyB", secret, Self.hash))
        let offer = incoming.applied(to: Array(request[40...]))
        #expect(offer.prefix(8).allSatisfy { $0 == 0 })
        let padC = Int(offer[12]) << 8 | Int(offer[13])
        #expect(padC <= 512 && offer.count == 16 + padC && offer.suffix(2) == [0, 0])
        let reply: [UInt8] =
            [UInt8](repeating: 0, count: 7) + [constant] + Self.number(method) + Self.word(statedPadding ?? padD)
            + [UInt8](repeating: 0, count: padD)
        end.receive(outgoing.applied(to: reply))
        return (Self.number(in: offer[8..<12]), Dialogue(end, secret, sending: outgoing, receiving: incoming))
    }

    @Test(arguments: [0, 1, 512], [0, 3, 512])
    func `an initiator takes padding of every length`(_ padB: Int, _ padD: Int) throws {
        let (offered, dialogue) = try Self.answer(.allowed, method: 2, padB: padB, padD: padD)
        #expect(offered == Self.anything)
        #expect(dialogue.end.instance.state == .open)
        dialogue.end.receive(dialogue.sending.applied(to: Array("bytes".utf8)))
        #expect(dialogue.end.plain == Array("bytes".utf8))
        dialogue.end.say(Array("more".utf8))
        #expect(dialogue.receiving.applied(to: dialogue.end.takeWire()) == Array("more".utf8))
    }

    @Test func `an initiator goes on in the clear where that is selected`() throws {
        let (_, dialogue) = try Self.answer(.allowed, method: 1, padD: 9)
        #expect(dialogue.end.instance.state == .bypassed)
    }

    @Test func `an initiator that must encrypt offers nothing else and takes nothing else`() throws {
        let (offered, dialogue) = try Self.answer(.required, method: 1)
        #expect(offered == Self.encrypted)
        #expect(dialogue.end.instance.failure == "the peer selected a method that was not offered")
    }

    @Test(arguments: [0, 3, 4, 255, 0x0100_0001, 0x0200_0000] as [UInt32])
    func `a method that was not offered ends the connection`(_ method: UInt32) throws {
        let (_, dialogue) = try Self.answer(.allowed, method: method)
        #expect(dialogue.end.instance.failure == "the peer selected a method that was not offered")
    }

    @Test func `an initiator refuses too much padding and the wrong keys`() throws {
        #expect(
            try Self.answer(.allowed, method: 2, statedPadding: 513).dialogue.end.instance.failure
                == "the peer sends too much padding")
        #expect(
            try Self.answer(.allowed, method: 2, padB: 513).dialogue.end.instance.failure
                == "the peer does not show that it has the keys")
        let (_, dialogue) = try Self.answer(.allowed, method: 2, padD: 512, constant: 1)
        dialogue.end.receive([UInt8](repeating: 0, count: 512))
        #expect(dialogue.end.instance.failure == "the peer does not show that it has the keys")
    }
}
