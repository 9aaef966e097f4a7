// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwarmDaemon

@Suite struct WatchedFilesTests {
    private static let wall: Int64 = 1_000_000_000_000_000_000

    /// A file of so many bytes that was changed so many milliseconds ago.
    private static func mark(_ size: Int64, age: Int64) -> WatchedFiles.Mark {
        WatchedFiles.Mark(inode: 1, size: size, modified: Self.wall - age * 1_000_000)
    }

    private static func names(_ whole: [WatchedFiles.Whole]) -> [String] { whole.map(\.name) }

    @Test func `what has lain there is read at once, what is new when it has settled`() {
        var files = WatchedFiles()
        let old = Self.mark(1, age: 3_000)
        let new = Self.mark(2, age: 0)
        let listing = ["old": old, "new": new]
        #expect(Self.names(files.look(listing, closed: [], now: 10_000, wall: Self.wall)) == ["old"])
        files.settle("old")
        #expect(files.due == 13_000)
        #expect(files.look(listing, closed: [], now: 12_999, wall: Self.wall).isEmpty)
        let later = files.look(listing, closed: [], now: 13_000, wall: Self.wall)
        #expect(later == [WatchedFiles.Whole(name: "new", mark: new, isFinal: false)])
    }

    @Test func `a file that was closed is read at once, and is as it will be`() {
        var files = WatchedFiles()
        let mark = Self.mark(1, age: 0)
        let whole = files.look(["a": mark], closed: ["a"], now: 0, wall: Self.wall)
        #expect(whole == [WatchedFiles.Whole(name: "a", mark: mark, isFinal: true)])
        files.settle("a")
        #expect(files.look(["a": mark], closed: ["a"], now: 99_000, wall: Self.wall).isEmpty && files.due == nil)
    }

    @Test func `a file that grows waits, and one that changes is new`() {
        var files = WatchedFiles()
        for step in 0..<10 {
            let mark = Self.mark(Int64(step), age: 0)
            let whole = files.look(["a": mark], closed: [], now: Int64(step) * 2_000, wall: Self.wall)
            #expect(whole.isEmpty)
        }
        let mark = Self.mark(9, age: 0)
        #expect(files.look(["a": mark], closed: [], now: 21_000, wall: Self.wall).count == 1)
        files.settle("a")
        #expect(files.look(["a": Self.mark(10, age: 0)], closed: [], now: 22_000, wall: Self.wall).isEmpty)
        #expect(files.look(["a": Self.mark(10, age: 0)], closed: [], now: 25_000, wall: Self.wall).count == 1)
    }

    @Test func `what is wrong with a file is final only when nobody can be writing it`() {
        var files = WatchedFiles()
        let mark = Self.mark(1, age: 0)
        _ = files.look(["a": mark], closed: [], now: 0, wall: Self.wall)
        #expect(files.look(["a": mark], closed: [], now: 3_000, wall: Self.wall).first?.isFinal == false)
        files.postpone("a", until: 6_000)
        #expect(files.look(["a": mark], closed: [], now: 5_000, wall: Self.wall).isEmpty && files.due == 6_000)
        #expect(files.look(["a": mark], closed: [], now: 60_000, wall: Self.wall).first?.isFinal == true)
        // A clock that was set back says nothing.
        var others = WatchedFiles()
        #expect(others.look(["b": Self.mark(1, age: -9_000)], closed: [], now: 0, wall: Self.wall).isEmpty)
        #expect(others.due == 3_000)
    }

    @Test func `a file that goes away is forgotten`() {
        var files = WatchedFiles()
        let mark = Self.mark(1, age: 9_000)
        #expect(files.look(["a": mark], closed: [], now: 0, wall: Self.wall).count == 1)
        files.settle("a")
        #expect(files.look([:], closed: [], now: 1, wall: Self.wall).isEmpty)
        #expect(files.look(["a": mark], closed: [], now: 2, wall: Self.wall).count == 1)
    }
}
