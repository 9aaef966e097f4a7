// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

/// Answers lines: takes them apart, checks the caller's permission, runs the methods. Knows nothing of sockets.
package struct ControlResponder: Sendable {
    private let router: ControlRouter
    private let access: AccessRules

    /// Answers with the methods of `router` to those whom the policy of the moment allows them.
    package init(router: ControlRouter, access: AccessRules) {
        self.router = router
        self.access = access
    }

    /// Answers with the methods of `router` to those whom `policy` allows them.
    package init(router: ControlRouter, policy: AccessPolicy) {
        self.init(router: router, access: AccessRules(policy))
    }

    /// The answer to a line. The requests of a batch run one after another; none of them may stream. `slot` is the room
    /// that the connection has for a stream.
    package func answer(to line: [UInt8], from caller: Caller, slot: StreamSlot = StreamSlot()) async -> ControlAnswer {
        switch ControlIncoming(line: line) {
        case .invalid(let reply): ControlAnswer(text: reply.text + Self.end)
        case .request(let request): await self.answer(to: request, from: caller, slot)
        case .batch(let elements): ControlAnswer(text: await self.answer(to: elements, from: caller))
        }
    }

    private static var end: [UInt8] { Array("\n".utf8) }

    private func answer(to request: ControlRequest, from caller: Caller, _ slot: StreamSlot) async -> ControlAnswer {
        do throws(ControlError) {
            let answer = try await self.run(request, from: caller, slot)
            let text = request.id.map { ControlReply(id: $0, .success(answer.text ?? [])).text + Self.end }
            return ControlAnswer(text: text, stream: answer.stream)
        } catch {
            return ControlAnswer(text: request.id.map { ControlReply(id: $0, .failure(error)).text + Self.end })
        }
    }

    private func answer(to batch: [ControlIncoming.Element], from caller: Caller) async -> [UInt8]? {
        var text: [UInt8] = []
        for element in batch {
            let reply: ControlReply? =
                switch element {
                case .invalid(let reply): reply
                case .request(let request): await self.reply(to: request, from: caller)
                }
            guard let reply else { continue }
            text += text.isEmpty ? Array("[".utf8) : Array(",".utf8)
            text += reply.text
        }
        return text.isEmpty ? nil : text + Array("]\n".utf8)
    }

    private func reply(to request: ControlRequest, from caller: Caller) async -> ControlReply? {
        let outcome: Result<[UInt8], ControlError>
        do throws(ControlError) {
            outcome = .success(try await self.run(request, from: caller, nil).text ?? [])
        } catch {
            outcome = .failure(error)
        }
        return request.id.map { ControlReply(id: $0, outcome) }
    }

    private func run(
        _ request: ControlRequest, from caller: Caller, _ slot: StreamSlot?
    ) async throws(ControlError) -> ControlAnswer {
        guard let route = self.router.route(request.method) else {
            // Somebody who may not look learns nothing, not even which methods there are.
            if let refusal = self.access.policy.refusal(of: .read, to: caller) { throw refusal }
            throw self.unknown(request.method)
        }
        if let refusal = self.access.policy.refusal(of: route.access, to: caller) { throw refusal }
        guard route.streams else { return try await route.respond(request, caller) }
        guard let slot else {
            throw ControlError(.invalidRequest, "\(request.method) must stand alone, not in a batch")
        }
        try slot.take()
        do throws(ControlError) {
            return try await route.respond(request, caller)
        } catch {
            slot.free()
            throw error
        }
    }

    private func unknown(_ method: String) -> ControlError {
        let name = method.prefix(NearestName.longest)
        guard let nearest = NearestName.nearest(to: method, among: self.router.methods) else {
            return ControlError(.methodNotFound, "no method is called \u{201C}\(name)\u{201D}")
        }
        return ControlError(
            .methodNotFound, "no method is called \u{201C}\(name)\u{201D}; did you mean \(nearest)?",
            candidates: [ControlCandidate(name: nearest)])
    }
}
