// SPDX-License-Identifier: Apache-2.0

import PieceStore
import SwarmModel
import Testing

@Suite struct FileLayoutTests {
    private func layout(_ files: [FileLayout.File], total: UInt64) throws -> FileLayout {
        try FileLayout(files: files, geometry: TorrentGeometry(totalLength: total, pieceLength: 16_384)!)
    }

    @Test(arguments: [["..", "f"], ["a", ""], ["a", "."], ["a/b"], ["a\0b"], []])
    func `names that are not plain are refused`(path: [String]) {
        let error = #expect(throws: FileLayoutError.self) {
            try self.layout([FileLayout.File(path: path, offset: 0, length: 5)], total: 5)
        }
        #expect(error?.code == .unsafeName)
    }

    @Test func `entries in each other's way are refused`() {
        let file = FileLayout.File(path: ["T", "a"], offset: 0, length: 5)
        for path in [["T", "a"], ["T", "a", "b"], ["T"]] {
            let other = FileLayout.File(path: path, offset: 5, length: 5)
            let error = #expect(throws: FileLayoutError.self) { try self.layout([file, other], total: 10) }
            #expect(error?.code == .duplicate)
        }
    }

    @Test func `gaps, overlaps and overflow are refused`() {
        for (offset, length, total) in [(4, 5, 9), (6, 5, 11), (5, 5, 11), (5, UInt64.max, 10)]
            as [(UInt64, UInt64, UInt64)]
        {
            let files = [
                FileLayout.File(path: ["a"], offset: 0, length: 5),
                FileLayout.File(path: ["b"], offset: offset, length: length),
            ]
            let error = #expect(throws: FileLayoutError.self) { try self.layout(files, total: total) }
            #expect(error?.code == .gap)
        }
    }

    @Test(arguments: [["U", "x"], ["..", "T"], ["etc"]])
    func `links out of the torrent are refused`(target: [String]) {
        #expect(throws: FileLayoutError.self) {
            try self.layout(
                [FileLayout.File(path: ["T", "l"], offset: 0, length: 0, kind: .symbolicLink(target: target))],
                total: 0)
        }
    }
}
