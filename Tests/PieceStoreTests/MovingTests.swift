// SPDX-License-Identifier: Apache-2.0

import Glibc
import PieceStore
import SwarmModel
import Testing

@Suite struct MovingTests {
    private let store = PieceStore()
    private let source = Scratch()
    private let target = Scratch()

    private static func sample() throws -> Sample {
        try Sample(
            [
                ("t/a/one", 40_000, .regular(isExecutable: false)), ("t/a/two", 30_000, .regular(isExecutable: true)),
                ("t/three", 5, .regular(isExecutable: false)),
            ], pieceLength: 16_384)
    }

    private static let names = ["t/a/one", "t/a/two", "t/three"]

    /// A folder on another file system; nil when there is none.
    private static func otherDisk() -> String? {
        var template = Array("/dev/shm/swarm-store-XXXXXX".utf8CString)
        var here = stat()
        var there = stat()
        guard stat("/tmp", &here) == 0, stat("/dev/shm", &there) == 0, here.st_dev != there.st_dev else { return nil }
        return mkdtemp(&template).map { String(cString: $0) }
    }

    private func isWhole(_ sample: Sample, in folder: Scratch) -> Bool {
        Self.names.allSatisfy { folder.read($0) == sample.bytes(of: $0) }
    }

    @Test func `files move with their folders, and what is not theirs stays`() throws {
        let sample = try Self.sample()
        sample.write(to: self.source)
        self.source.write([1], to: "t/mine")
        let storage = sample.storage(in: self.source, store: self.store)
        try storage.moveDataBlocking(to: self.target.path, resuming: false) { _, _ in true }
        #expect(self.isWhole(sample, in: self.target))
        #expect(!self.source.exists("t/a/one") && self.source.exists("t/mine"))
    }

    @Test func `what is in the way is never replaced, and nothing moves`() throws {
        let sample = try Self.sample()
        sample.write(to: self.source)
        self.target.makeFolder("t")
        self.target.write([9], to: "t/three")
        let storage = sample.storage(in: self.source, store: self.store)
        #expect {
            try storage.moveDataBlocking(to: self.target.path, resuming: false) { _, _ in true }
        } throws: {
            guard let failure = $0 as? PayloadMove.Failure else { return false }
            return failure.isUndone && failure.error.errno == EEXIST
        }
        #expect(self.isWhole(sample, in: self.source) && self.target.read("t/three") == [9])
        #expect(!self.target.exists("t/a"))
    }

    @Test func `a move that is called off puts everything back`() throws {
        let sample = try Self.sample()
        sample.write(to: self.source)
        let storage = sample.storage(in: self.source, store: self.store)
        #expect {
            // After the second file.
            try storage.moveDataBlocking(to: self.target.path, resuming: false) { done, _ in done < 70_000 }
        } throws: {
            (($0 as? PayloadMove.Failure).map { $0.isUndone && $0.error.errno == ECANCELED }) ?? false
        }
        #expect(self.isWhole(sample, in: self.source) && !self.target.exists("t"))
    }

    @Test(.enabled(if: Self.otherDisk().map { rmdir($0) == 0 } ?? false, "no second file system here"))
    func `to another disk files are copied, with their holes and modes, and called off they are all back`() throws {
        let path = try #require(Self.otherDisk())
        defer { Scratch.remove(path) }
        let sample = try Self.sample()
        sample.write(to: self.source)
        chmod(self.source("t/a/two"), 0o755)
        let storage = sample.storage(in: self.source, store: self.store)
        #expect(throws: PayloadMove.Failure.self) {
            try storage.moveDataBlocking(to: path, resuming: false) { done, _ in done < 70_000 }
        }
        #expect(self.isWhole(sample, in: self.source) && access(path + "/t", F_OK) != 0)
        try storage.moveDataBlocking(to: path, resuming: false) { _, _ in true }
        // The old ones stay until the new place is recorded.
        #expect(self.isWhole(sample, in: self.source))
        var status = stat()
        #expect(stat(path + "/t/a/two", &status) == 0 && status.st_mode & 0o111 != 0 && status.st_size == 30_000)
        // Resuming finds them all there.
        try storage.moveDataBlocking(to: path, resuming: true) { _, _ in true }
        try storage.removeDataBlocking()
        #expect(!self.source.exists("t"))
        #expect(stat(path + "/t/a/one", &status) == 0 && status.st_size == 40_000)
    }

    @Test func `a move that was cut off goes on with what is left`() throws {
        let sample = try Self.sample()
        sample.write(to: self.source)
        self.target.makeFolder("t")
        #expect(rename(self.source("t/three"), self.target("t/three")) == 0)
        let storage = sample.storage(in: self.source, store: self.store)
        try storage.moveDataBlocking(to: self.target.path, resuming: true) { _, _ in true }
        #expect(self.isWhole(sample, in: self.target))
    }
}
