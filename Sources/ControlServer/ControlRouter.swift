// SPDX-License-Identifier: Apache-2.0

package import ControlWire

/// The methods that a daemon answers: one function each, with typed parameters and result. Filled once at the start,
/// then handed to the server.
///
///     var router = ControlRouter()
///     router.on(TorrentPause.self) { params, caller in try await daemon.pause(params, caller) }
package struct ControlRouter: Sendable {
    /// One method: who may call it, and what it does with the text of its parameters.
    struct Route: Sendable {
        let access: ControlAccess
        /// Whether it goes on to send after its answer.
        let streams: Bool
        let respond: @Sendable (ControlRequest, Caller) async throws(ControlError) -> ControlAnswer
    }

    private var routes: [String: Route] = [:]
    private let ready: @Sendable () async -> Void

    /// Starts with no method. Calls wait for `ready` first: whatever must be there before answers are true.
    package init(ready: @escaping @Sendable () async -> Void = {}) {
        self.ready = ready
    }

    /// Answers `method` with `body`; a later call for the same method replaces it. The caller's permission for the
    /// method's access is checked before `body` runs. With `waits` false the method is answered before all is ready.
    package mutating func on<Method: ControlMethod>(
        _ method: Method.Type, waits: Bool = true,
        _ body: @escaping @Sendable (Method.Params, Caller) async throws(ControlError) -> Method.Result
    ) {
        let ready = self.ready
        self.routes[Method.name] = Route(access: Method.access, streams: false) {
            request, caller async throws(ControlError) in
            let params = try request.decoded(as: Method.Params.self)
            if waits { await ready() }
            return ControlAnswer(text: try JSONCoding.encode(try await body(params, caller)))
        }
    }

    /// Answers `method` with the result that `body` gives, and sends what its stream has from then on.
    package mutating func stream<Method: ControlMethod>(
        _ method: Method.Type,
        _ body:
            @escaping @Sendable (Method.Params, Caller) async throws(ControlError) -> (
                result: Method.Result, stream: any ControlStream
            )
    ) {
        let ready = self.ready
        self.routes[Method.name] = Route(access: Method.access, streams: true) {
            request, caller async throws(ControlError) in
            let params = try request.decoded(as: Method.Params.self)
            await ready()
            let (result, stream) = try await body(params, caller)
            return ControlAnswer(text: try JSONCoding.encode(result), stream: stream)
        }
    }

    /// The names of the methods that are answered, sorted.
    package var methods: [String] { self.routes.keys.sorted() }

    /// The methods of the protocol that nobody answers yet; a daemon that is complete has none.
    package var missing: [String] { ControlProtocol.methods.map { $0.name }.filter { self.routes[$0] == nil } }

    func route(_ name: String) -> Route? { self.routes[name] }
}
