// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmEvents
import Testing

@Suite struct EventKindTests {
    @Test func `every kind has an id and a name of its own`() {
        #expect(Set(EventKind.allCases.map(\.messageID)).count == EventKind.allCases.count)
        #expect(Set(EventKind.allCases.map(\.rawValue)).count == EventKind.allCases.count)
    }

    @Test(arguments: EventKind.allCases) func `ids and names are written as the journal wants them`(kind: EventKind) {
        #expect(kind.messageID.count == 32)
        #expect(kind.messageID.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(kind.rawValue.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)+|[a-z]+/) != nil)
    }

    @Test func `ids that operators may have in their scripts stay as they are`() {
        #expect(EventKind.torrentFinished.messageID == "7d317e434f0745536240c0543cad4081")
        #expect(EventKind.torrentSuspended.messageID == "08ffca62264a2a18a1d1070fbf4e42ea")
    }

    @Test func `nothing that wants an operator's hand is below error, and nothing is below info`() {
        for kind in EventKind.allCases { #expect(kind.level >= .info) }
        for kind in [EventKind.torrentSuspended, .stateRepaired, .reloadRefused, .partStuck] {
            #expect(kind.level == .error)
        }
    }
}
