// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel

/// What a parser made of a stream, in a form that does not depend on how the stream was cut.
struct WireTrace: Equatable {
    enum Entry: Equatable {
        case message(PeerMessage)
        case body(PeerMessage, [UInt8])
        case payload([UInt8])
    }

    var entries: [Entry] = []
    var handshake: Handshake?
    var largestBody = 0

    /// Feeds `stream`, cut before each of `cuts` (rising offsets).
    init(_ stream: [UInt8], cuts: [Int] = [], parser: PeerStreamParser) {
        var parser = parser
        var start = 0
        for end in cuts + [stream.count] {
            self.feed(Array(stream[start..<end]), to: &parser)
            start = end
        }
        self.handshake = parser.handshake
    }

    var fault: WireFault? {
        guard case .message(.fault(let fault)) = self.entries.last else { return nil }
        return fault
    }

    private mutating func feed(_ slice: [UInt8], to parser: inout PeerStreamParser) {
        var cursor = 0
        while true {
            let message = parser.next(in: slice.span.bytes, at: &cursor)
            self.largestBody = max(self.largestBody, parser.body.count)
            switch message {
            case .needMore: return
            case .fault:
                if self.fault == nil { self.entries.append(.message(message)) }
                return
            case .payload(let offset, let count):
                self.append(payload: slice[Int(offset)..<Int(offset + count)])
            case .bitfield, .extended, .hashRequest, .hashes, .hashReject:
                self.entries.append(.body(message, parser.body))
            case .handshake, .keepAlive, .choke, .unchoke, .interested, .notInterested, .have, .request, .block,
                .blockEnd, .cancel, .port, .suggest, .haveAll, .haveNone, .reject, .allowedFast, .ignored:
                self.entries.append(.message(message))
            }
        }
    }

    private mutating func append(payload: ArraySlice<UInt8>) {
        if case .payload(let known) = self.entries.last {
            self.entries[self.entries.count - 1] = .payload(known + payload)
        } else {
            self.entries.append(.payload(Array(payload)))
        }
    }
}
