// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("torent.list", "torrent.list"), ("Torrent.Show", "torrent.show"), ("torrent.lsti", "torrent.list"),
        ("daem", "daemon.status"), ("pasued", "paused"), ("pausd", "paused"), ("puased", "paused"), ("pd", nil),
        ("lits", nil), ("x", nil), ("", nil), ("torrent", nil), ("torrent.frobnicate", nil), ("dared", nil),
    ])
    func `the nearest name is found within a slip`(word: String, nearest: String?) {
        let names = ["torrent.list", "torrent.show", "daemon.status", "paused"]
        #expect(NearestName.nearest(to: word, among: names) == nearest)
    }

    @Test func `what begins two names is taken for neither`() {
        #expect(NearestName.nearest(to: "torrent.", among: ["torrent.list", "torrent.show"]) == nil)
    }

    @Test func `a word is looked at up to a length`() {
        let name = String(repeating: "a", count: NearestName.longest)
        #expect(NearestName.nearest(to: name, among: [name]) == name)
        #expect(NearestName.nearest(to: name + "a", among: [name]) == nil)
    }
}
