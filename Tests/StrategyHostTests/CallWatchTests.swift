// SPDX-License-Identifier: Apache-2.0

import CLinux
import Testing

@testable import StrategyHost

@Suite struct CallWatchTests {
    private static func call(_ thread: Int32, _ count: UInt64, plugin: UInt64 = 7) -> CallWatch.Call {
        CallWatch.Call(thread: thread, mark: count << 16 | plugin)
    }

    @Test func `a call that goes on in look after look is held, and told once`() {
        var watch = CallWatch()
        for _ in 1..<CallWatch.patience { #expect(watch.look([Self.call(1, 5)]).isEmpty) }
        #expect(watch.look([Self.call(1, 5)]) == [.held(Self.call(1, 5))])
        for _ in 0..<100 { #expect(watch.look([Self.call(1, 5)]).isEmpty) }
    }

    @Test func `one call after the other is none that is held`() {
        var watch = CallWatch()
        for count in 0..<UInt64(100) { #expect(watch.look([Self.call(1, count)]).isEmpty) }
    }

    @Test func `one that comes back in time is never told of, one that comes back late is`() {
        var watch = CallWatch()
        for _ in 1..<CallWatch.patience { _ = watch.look([Self.call(1, 5)]) }
        #expect(watch.look([]).isEmpty)
        for _ in 0..<CallWatch.patience + 3 { _ = watch.look([Self.call(1, 6)]) }
        #expect(watch.look([]) == [.returned(Self.call(1, 6), looks: CallWatch.patience + 3)])
        #expect(watch.look([]).isEmpty)
    }

    @Test func `threads are told apart, and calls to nobody are nobody's`() {
        var watch = CallWatch()
        var news: [CallWatch.News] = []
        for _ in 0..<CallWatch.patience {
            news += watch.look([Self.call(2, 5), Self.call(1, 5, plugin: 9), Self.call(3, 5, plugin: 0)])
        }
        #expect(news == [.held(Self.call(1, 5, plugin: 9)), .held(Self.call(2, 5))])
    }

    @Test func `a call is seen while it goes on, with the one around it, and not when it is over`() {
        func mine() -> [UInt16] { CallWatcher.calls().map(\.plugin).filter { $0 == 65_001 || $0 == 65_002 } }
        #expect(mine().isEmpty)
        let outer = clinux_call_begin(65_001)
        #expect(mine() == [65_001])
        let inner = clinux_call_begin(65_002)
        #expect(mine() == [65_002])
        clinux_call_end(inner)
        #expect(mine() == [65_001])
        clinux_call_end(outer)
        #expect(mine().isEmpty)
    }
}
