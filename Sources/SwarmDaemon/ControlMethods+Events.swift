// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import SwarmEvents
import SwarmModel

extension ControlMethods {
    /// What tells clients of what happens.
    func addEvents(to router: inout ControlRouter) {
        router.stream(EventsSubscribe.self) { params, _ async throws(ControlError) in
            try await self.subscribe(params)
        }
    }

    func subscribe(
        _ params: EventsSubscribe.Params
    ) async throws(ControlError) -> (result: EventsSubscribe.Result, stream: any ControlStream) {
        for kind in params.events ?? [] where EventKind(rawValue: kind) == nil {
            let nearest = NearestName.nearest(to: kind, among: EventKind.allCases.map(\.rawValue))
            throw ControlError(
                .notFound,
                "no kind of event is called \u{201C}\(kind.prefix(NearestName.longest))\u{201D}"
                    + (nearest.map { "; did you mean \($0)?" } ?? ""),
                candidates: nearest.map { [ControlCandidate(name: $0)] } ?? [])
        }
        var infoHash: InfoHash?
        if let id = params.id { infoHash = try await self.directory.reference(id).infoHash }
        let place: Int64
        if let since = params.since { place = try self.journal.place(since) } else { place = self.journal.last }
        let subscription = EventSubscription(
            self.journal, after: place, kinds: params.events.map { Set($0) }, infoHash: infoHash)
        return (EventsSubscribe.Result(cursor: self.journal.cursor(place)), subscription)
    }
}
