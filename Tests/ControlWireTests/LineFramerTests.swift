// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Testing

@Suite struct LineFramerTests {
    private static let stream = Array("one\n\ntwo\r\n0123456789A\nthree\nrest".utf8)
    private static let expected: [LineFramer.Output] = [
        .line(Array("one".utf8)), .line(Array("two".utf8)), .oversized, .line(Array("three".utf8)),
    ]

    @Test(arguments: 1...41)
    func `any slicing gives the same lines`(size: Int) {
        var framer = LineFramer(limit: 10)
        var outputs: [LineFramer.Output] = []
        for start in stride(from: 0, to: Self.stream.count, by: size) {
            framer.receive(Self.stream[start..<min(start + size, Self.stream.count)])
            while let output = framer.next() { outputs.append(output) }
        }
        #expect(outputs == Self.expected)
        #expect(framer.held == 4)
    }

    @Test func `a line without an end does not grow memory`() {
        var framer = LineFramer(limit: 1_000)
        var oversized = 0
        for _ in 0..<1_000 {
            framer.receive([UInt8](repeating: 65, count: 500))
            while let output = framer.next() { oversized += output == .oversized ? 1 : 0 }
            #expect(framer.held <= 1_500)
        }
        #expect(oversized == 1)
        framer.receive(Array("\nok\n".utf8))
        #expect(framer.next() == .line(Array("ok".utf8)))
        #expect(framer.next() == nil)
    }

    @Test func `a line of exactly the limit passes`() {
        var framer = LineFramer(limit: 3)
        framer.receive(Array("abc\n".utf8))
        #expect(framer.next() == .line(Array("abc".utf8)))
    }
}
