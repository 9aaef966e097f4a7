// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// The handshake, field by field. It is read byte by byte: it is short, and so it does not matter how it was cut.
extension MessageStream {
    /// Reads one byte of a field.
    func read(_ byte: UInt8) {
        self.field[self.filled] = byte
        self.filled += 1
        switch self.phase {
        case .request: self.search(Digest.length, then: .torrent, Digest.length)
        case .verification: self.search(Self.constantLength, then: .selection, Self.selectionLength)
        case .key, .torrent, .offer, .initialLength, .selection, .padding:
            if self.filled == self.needed { self.complete() }
        case .initialBytes, .open, .plain, .over: return
        }
    }

    /// Looks whether what came last is the mark: the first `length` bytes at `digest`. There may be padding before it.
    private func search(_ length: Int, then phase: HandshakePhase, _ needed: Int) {
        if self.filled >= length {
            let tail = self.field + (self.filled - length)
            if (0..<length).allSatisfy({ tail[$0] == self.digest[$0] }) { return self.expect(phase, needed) }
        }
        if self.filled == Self.paddingLimit + length { self.fail("the peer does not show that it has the keys") }
    }

    private func complete() {
        switch self.phase {
        case .key: self.keyCame()
        case .torrent: self.torrentCame()
        case .offer: self.offerCame()
        case .initialLength: self.initialLengthCame()
        case .selection: self.selectionCame()
        case .padding:
            self.incoming?.apply(to: self.field, count: self.filled)
            self.agreed()
        case .request, .verification, .initialBytes, .open, .plain, .over: return
        }
    }

    private func keyCame() {
        // A responder makes its own key only now; until then a stranger costs it nothing.
        if !self.isInitiator { self.makeExchange() }
        guard self.exchange?.writeSecret(with: self.field, to: self.secret) == true else {
            return self.fail("the peer's key is none")
        }
        if self.isInitiator {
            self.sendRequest()
        } else {
            self.sendKey()
            self.writeDigest("req1", withHash: false, to: self.digest)
            self.expect(.request, 0)
        }
    }

    /// Both sides know everything: what follows is the peers' own.
    func agreed() {
        self.exchange = nil
        if self.method == .aes { self.makeCounters() }
        self.secret.update(repeating: 0, count: KeyExchange.keyLength)
        if self.method == .plain {
            self.phase = .plain
        } else {
            self.phase = .open
            self.link.opened()
        }
    }

    // MARK: - Keys

    /// Writes the digest of a name, the secret and, with `hash`, the torrent's info-hash.
    func writeDigest(_ name: StaticString, withHash hash: Bool, to digest: UnsafeMutablePointer<UInt8>) {
        var message = Digest(name)
        message.append(self.secret, count: KeyExchange.keyLength + (hash ? Digest.length : 0))
        message.finish(into: digest)
    }

    /// Makes both directions' keystreams, once the secret and the torrent are known.
    func makeKeystreams() {
        self.outgoing = self.keystream(self.isInitiator ? "keyA" : "keyB")
        self.incoming = self.keystream(self.isInitiator ? "keyB" : "keyA")
    }

    private func keystream(_ name: StaticString) -> Keystream {
        self.writeDigest(name, withHash: true, to: self.digest)
        return Keystream(key: UnsafeBufferPointer(start: self.digest, count: Digest.length))
    }

    /// Makes both directions' counters. Their keys are others than those of the keystreams, which are at work already.
    private func makeCounters() {
        self.outgoingBlocks = self.counter(self.isInitiator ? "aesA" : "aesB")
        self.incomingBlocks = self.counter(self.isInitiator ? "aesB" : "aesA")
        self.outgoing = nil
    }

    private func counter(_ name: StaticString) -> CounterMode {
        self.writeDigest(name, withHash: true, to: self.digest)
        return CounterMode(key: self.digest)
    }

    // MARK: - Numbers

    /// The big-endian number of `count` bytes at `offset` of the field.
    func number(at offset: Int, count: Int) -> UInt32 {
        (0..<count).reduce(0) { $0 << 8 | UInt32(self.field[offset + $1]) }
    }

    /// Writes a number big-endian into the field.
    func put(_ number: UInt32, at offset: Int, count: Int) {
        for index in 0..<count {
            self.field[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * (count - 1 - index)))
        }
    }
}
