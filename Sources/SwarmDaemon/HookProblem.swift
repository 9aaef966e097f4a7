// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import SwarmEvents
import SwarmModel

/// What is wrong with `[hook]` that only somebody can tell who knows the kinds of events.
enum HookProblem {
    /// The key that names a kind of event that there is not.
    static let key = "hook.events"

    /// The first such kind, in a sentence; nil when all is well.
    static func find(in settings: HookSettings) -> String? {
        let kinds = EventKind.allCases.map(\.rawValue)
        guard let unknown = settings.events.first(where: { !kinds.contains($0) }) else { return nil }
        let near = NearestName.nearest(to: unknown, among: kinds)
        return "no kind of event is called \u{201C}\(unknown.prefix(NearestName.longest))\u{201D}"
            + (near.map { "; did you mean \($0)?" } ?? "; `swarmctl events` shows them as they come")
    }
}
