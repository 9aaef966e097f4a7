// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel
import Testing

@testable import TrackerServer

/// What a catalogue notes for the other nodes of a cluster.
@Suite struct UntoldChangeTests {
    @Test func `a torrent that is removed while its addition is told stays to be told`() throws {
        var store = try CatalogueStore(path: ":memory:")
        store.notesChanges = true
        let bytes = CatalogueTests.torrent("film")
        let metainfo = try Metainfo(parsing: bytes)
        try store.insert(CatalogueEntry(metainfo, created: 1), bytes: bytes, token: "0123456789abcdef")
        #expect(try store.untold(limit: 10).map(\.isRemoved) == [false])

        try store.remove(.short(metainfo.infoHash))
        try store.forgetUntold(metainfo.infoHash, isRemoved: false)
        let left = try store.untold(limit: 10)
        #expect(left.map(\.infoHash) == [metainfo.infoHash])
        #expect(left.map(\.isRemoved) == [true])

        try store.forgetUntold(metainfo.infoHash, isRemoved: true)
        #expect(try store.untold(limit: 10).isEmpty)
    }
}
