// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwarmSimulation

@Suite struct PipeTests {
    private static func pipe(sendBuffer: Int = 100, window: Int = 250) -> Pipe {
        var link = LinkProfile(up: 1, down: 1)
        link.sendBuffer = sendBuffer
        link.window = window
        return Pipe(number: 0, sender: 0, receiver: 1, link: link)
    }

    private static func block(_ count: Int) -> Segment { Segment(bytes: [7], payload: count - 1) }

    @Test func `messages that wait join, but not one that is on the uplink or a block`() {
        let pipe = Self.pipe()
        pipe.write(Segment(bytes: [1]))
        pipe.write(Segment(bytes: [2]))
        #expect(pipe.waiting.count == 1)
        #expect(pipe.beginSending() == 2)
        pipe.write(Segment(bytes: [3]))
        pipe.write(Self.block(50))
        pipe.write(Segment(bytes: [4]))
        #expect(pipe.waiting.count == 3)
        #expect(pipe.endSending()?.bytes == [1, 2])
        _ = pipe.beginSending()
        let second = pipe.endSending()
        #expect(second?.bytes == [3, 7])
        #expect(second?.payload == 49)
        #expect(pipe.take()?.bytes == [1, 2])
        #expect(pipe.take()?.bytes == [3, 7])
        #expect(pipe.take() == nil)
    }

    @Test func `it takes no block while its buffer is full and sends none while its window is`() {
        let pipe = Self.pipe()
        for _ in 0..<3 { pipe.write(Self.block(100)) }
        #expect(!pipe.isWritable)
        for _ in 0..<2 {
            #expect(pipe.maySend)
            _ = pipe.beginSending()
            _ = pipe.endSending()
        }
        #expect(!pipe.maySend)
        _ = pipe.take()
        #expect(pipe.maySend)
        _ = pipe.beginSending()
        _ = pipe.endSending()
        #expect(pipe.isWritable)
    }

    @Test func `a segment larger than the window goes alone`() {
        let pipe = Self.pipe(window: 10)
        pipe.write(Self.block(50))
        #expect(pipe.maySend)
    }

    @Test func `after the end what travels arrives and what waits does not`() {
        let pipe = Self.pipe()
        pipe.write(Self.block(20))
        pipe.write(Self.block(30))
        _ = pipe.beginSending()
        _ = pipe.endSending()
        _ = pipe.beginSending()
        pipe.end()
        #expect(pipe.endSending() == nil)
        #expect(pipe.take()?.payload == 19)
        #expect(pipe.take()?.isEnd == true)
        #expect(pipe.take() == nil)
    }

    @Test func `a dead pipe gives and takes nothing`() {
        let pipe = Self.pipe()
        pipe.write(Self.block(20))
        _ = pipe.beginSending()
        _ = pipe.endSending()
        pipe.kill()
        pipe.write(Self.block(20))
        #expect(pipe.take() == nil)
        #expect(!pipe.maySend)
        #expect(!pipe.isWritable)
    }
}
