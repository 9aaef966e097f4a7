// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel
import Testing

/// What holds of every torrent that is accepted, however hostile.
enum MetainfoInvariants {
    static func check(_ metainfo: Metainfo, _ label: String) {
        self.checkNames(metainfo, label)
        var offset: UInt64 = 0
        for file in metainfo.files {
            #expect(file.offset == offset, "\(label)")
            offset = file.end
            #expect(file.symlinkTarget == nil || file.length == 0)
        }
        #expect(offset == metainfo.geometry.totalLength && offset > 0)
        #expect(metainfo.pieceHashes.count == (metainfo.isV1 ? metainfo.geometry.pieceCount * 20 : 0))
        #expect(metainfo.isV1 || metainfo.isV2)
        for index in [0, metainfo.geometry.pieceCount - 1] {
            #expect((metainfo.pieceHash(PieceIndex(index)) != nil) == metainfo.isV1)
            _ = metainfo.merkleCheck(PieceIndex(index))
        }
        #expect((try? Metainfo(parsing: metainfo.encoded))?.infoHash == metainfo.infoHash, "\(label)")
    }

    private static func checkNames(_ metainfo: Metainfo, _ label: String) {
        #expect(SafeName.isSafe(metainfo.name))
        var files = Set<[[UInt8]]>()
        var folders = Set<[[UInt8]]>()
        for file in metainfo.files {
            for path in [file.path, file.symlinkTarget].compactMap(\.self) {
                #expect(path.first.map { Array($0.utf8) } == Array(metainfo.name.utf8), "\(label) \(path)")
                for name in path { #expect(SafeName.isSafe(name), "\(label) \(path)") }
            }
            #expect(metainfo.isSingleFile ? file.path.count == 1 : file.path.count > 1)
            guard !file.isPadding else { continue }
            let path = file.path.map { Array($0.utf8) }
            #expect(files.insert(path).inserted, "\(label): \(file.path) twice")
            for count in 1..<max(1, path.count) { folders.insert(Array(path.prefix(count))) }
        }
        #expect(files.isDisjoint(with: folders), "\(label): a file used as a folder")
    }
}
