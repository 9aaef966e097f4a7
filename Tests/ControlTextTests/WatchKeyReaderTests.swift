// SPDX-License-Identifier: Apache-2.0

import ControlText
import TestSeeds
import Testing

@Suite struct WatchKeyReaderTests {
    private static let stream = Array("a\u{1B}[Aé\u{1B}OB\r\u{7F}\u{1B}[5~\u{1B}[1;5C日q\u{3}".utf8)
    private static let keys: [WatchKey] = [
        .character("a"), .up, .character("é"), .down, .enter, .backspace, .pageUp, .character("日"), .character("q"),
        .interrupt,
    ]

    @Test func `keys come out the same however the bytes are cut`() {
        for cut in 0...Self.stream.count {
            var reader = WatchKeyReader()
            #expect(reader.receive(Self.stream[..<cut]) + reader.receive(Self.stream[cut...]) == Self.keys)
            #expect(!reader.isWaiting)
        }
        var reader = WatchKeyReader()
        #expect(Self.stream.flatMap { reader.receive([$0]) } == Self.keys)
    }

    @Test func `escape by itself is a key once nothing follows`() {
        var reader = WatchKeyReader()
        #expect(reader.receive([0x1B]).isEmpty && reader.isWaiting)
        #expect(reader.flush() == [.escape] && !reader.isWaiting)
        #expect(reader.receive([0x1B, 0x1B]) == [.escape] && reader.flush() == [.escape])
        #expect(reader.receive(Array("\u{1B}[".utf8)).isEmpty && reader.flush().isEmpty)
    }

    @Test func `any bytes at all are taken, and nothing is held for ever`() {
        let seed = TestSeed.one()
        var state = seed
        var reader = WatchKeyReader()
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            _ = reader.receive([UInt8(truncatingIfNeeded: state >> 56)])
        }
        _ = reader.flush()
        #expect(reader.receive(Array("q".utf8)).last == .character("q"), "seed \(seed)")
    }
}
