// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmPluginKit

/// Message stream encryption as BitTorrent clients have it: a Diffie-Hellman exchange with no fixed bytes in it, keyed
/// with the torrent's info-hash, then RC4 or, where both agree, plain bytes or AES.
///
/// The initiator sends its key and padding; the responder likewise; the initiator shows that it knows the shared secret,
/// names the torrent by a digest, and offers methods; the responder selects one. Every field has its greatest length, so
/// memory is fixed and strange bytes end the connection after 628 of them at the latest.
final class MessageStream: Transport {
    /// Bytes of padding at most.
    static let paddingLimit = 512
    /// The zeros that show the right keys.
    static let constantLength = 8
    private static let fieldCapacity = 640
    /// Places of the options: whether required encryption means what follows the handshake, too; whether AES may be used.
    private static let encryptPayload = 0
    private static let aes = 1

    let isInitiator: Bool
    /// Methods that we offer or accept.
    let methods: EncryptionMethods
    /// For padding, which is no secret.
    private var random: RandomSource
    var phase = HandshakePhase.key
    var exchange: KeyExchange?
    /// What the handshake is hidden with, and all that follows where RC4 is agreed on.
    var incoming: Keystream?
    var outgoing: Keystream?
    /// What follows the handshake where AES is agreed on.
    var incomingBlocks: CounterMode?
    var outgoingBlocks: CounterMode?
    /// The method agreed on.
    var method = EncryptionMethods.plain
    /// The field that is being read, or the message that is being made.
    let field: UnsafeMutablePointer<UInt8>
    var filled = 0
    /// Bytes that make the field whole.
    var needed = KeyExchange.keyLength
    /// The shared secret, and after it the torrent's info-hash and room for a digest.
    let secret: UnsafeMutablePointer<UInt8>
    var infoHash: UnsafeMutablePointer<UInt8> { self.secret + KeyExchange.keyLength }
    var digest: UnsafeMutablePointer<UInt8> { self.infoHash + Digest.length }
    private static let secretCapacity = KeyExchange.keyLength + 2 * Digest.length

    /// Nil where nothing is to be encrypted.
    static func make(_ setup: LinkSetup) -> Transport? {
        guard setup.encryption != SWARM_ENCRYPTION_DISABLED, !setup.isInitiator || setup.infoHash != nil else {
            return nil
        }
        return MessageStream(setup)
    }

    /// Whether bytes can be the beginning of a key, which looks like anything but the peers' own handshake (BEP 3).
    static func mayBegin(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let preamble: StaticString = "\u{13}BitTorrent protocol"
        guard bytes.count >= preamble.utf8CodeUnitCount else { return true }
        return (0..<preamble.utf8CodeUnitCount).contains { bytes[$0] != preamble.utf8Start[$0] }
    }

    override init(_ setup: LinkSetup) {
        self.isInitiator = setup.isInitiator
        var methods: EncryptionMethods = setup.boolean(Self.aes) && CounterMode.isAvailable ? [.rc4, .aes] : .rc4
        if setup.encryption != SWARM_ENCRYPTION_REQUIRED || !setup.boolean(Self.encryptPayload) {
            methods.insert(.plain)
        }
        self.methods = methods
        self.random = setup.random
        self.field = .allocate(capacity: Self.fieldCapacity)
        self.field.initialize(repeating: 0, count: Self.fieldCapacity)
        self.secret = .allocate(capacity: Self.secretCapacity)
        self.secret.initialize(repeating: 0, count: Self.secretCapacity)
        super.init(setup)
        if let hash = setup.infoHash { self.infoHash.update(from: hash, count: Digest.length) }
        guard self.isInitiator else { return }
        self.makeExchange()
        self.sendKey()
    }

    deinit {
        self.field.deallocate()
        self.secret.update(repeating: 0, count: Self.secretCapacity)
        self.secret.deallocate()
    }

    override func received(_ bytes: UnsafeMutableBufferPointer<UInt8>, now: Int64) {
        guard let start = bytes.baseAddress else { return }
        var offset = 0
        while offset < bytes.count {
            switch self.phase {
            case .key, .request, .torrent, .offer, .initialLength, .verification, .selection, .padding:
                self.read(start[offset])
                offset += 1
            case .initialBytes:
                let count = min(self.needed, bytes.count - offset)
                self.incoming?.apply(to: start + offset, count: count)
                self.link.deliver(start + offset, count: count)
                offset += count
                self.needed -= count
                if self.needed == 0 { self.phase = self.method == .plain ? .plain : .open }
            case .open:
                return self.decrypt(start + offset, count: bytes.count - offset)
            case .plain:
                self.link.deliver(start + offset, count: bytes.count - offset)
                offset = bytes.count
            case .over: return
            }
        }
        guard self.phase == .plain else { return }
        self.phase = .over
        self.link.bypassed()
    }

    private func decrypt(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) {
        if self.method == .aes {
            self.incomingBlocks?.apply(to: bytes, count: count)
        } else {
            self.incoming?.apply(to: bytes, count: count)
        }
        self.link.deliver(bytes, count: count)
    }

    override func write(_ bytes: UnsafeMutableBufferPointer<UInt8>, now: Int64) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        if self.method == .aes {
            self.outgoingBlocks?.apply(to: start, count: bytes.count)
        } else if self.method == .rc4 {
            self.outgoing?.apply(to: start, count: bytes.count)
        }
        self.link.transmit(start, count: bytes.count)
        return bytes.count
    }

    /// Goes on to a field of `needed` bytes.
    func expect(_ phase: HandshakePhase, _ needed: Int) {
        self.phase = phase
        self.needed = needed
        self.filled = 0
    }

    /// Random padding: how much.
    func paddingLength() -> Int { self.random.next(below: Self.paddingLimit) }

    /// Draws our private key.
    func makeExchange() {
        let link = self.link
        self.exchange = KeyExchange { link.fillRandomly($0, count: $1) }
    }

    /// Sends our key and padding.
    func sendKey() {
        self.exchange?.writePublicKey(to: self.field)
        let count = KeyExchange.keyLength + self.paddingLength()
        for index in KeyExchange.keyLength..<count {
            self.field[index] = UInt8(truncatingIfNeeded: self.random.next())
        }
        self.link.transmit(self.field, count: count)
    }

    /// The connection cannot go on.
    func fail(_ reason: StaticString) {
        self.phase = .over
        self.link.failed(reason)
    }
}
