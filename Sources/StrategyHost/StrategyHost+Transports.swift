// SPDX-License-Identifier: Apache-2.0

import Logging
package import PeerTransport
import SwarmEvents

extension StrategyHost {
    /// The transports `names`, in that order, with what `options` has for each; otherwise as `makePicker`. One that is in
    /// quarantine is left out, with a line in the log, unless it is the only one. Throws also when encryption is required and
    /// none of them encrypts, or that it is disabled and all of them do.
    package func makeTransports(
        named names: [String], options: (String) -> [String: String] = { _ in [:] }, encryption: LinkEncryption
    ) throws(StrategyError) -> [Transport] {
        var transports: [Transport] = []
        var missing: StrategyError?
        for name in names {
            do throws(StrategyError) {
                transports.append(try self.makeTransport(named: name, options: options(name)))
            } catch {
                guard error.code == .quarantined else { throw error }
                missing = error
                self.logger.event(
                    .strategyMissing, "the transport \(name) is not used: \(error)",
                    ["strategy.name": "\(name)", "strategy.kind": "transport", "error.message": "\(error)"])
            }
        }
        if transports.isEmpty, let missing { throw missing }
        try Self.check(transports, reach: encryption, names: names)
        return transports
    }

    /// Throws when the operator's word on encryption leaves no way to any peer.
    private static func check(
        _ transports: [Transport], reach encryption: LinkEncryption, names: [String]
    ) throws(StrategyError) {
        let listed = names.joined(separator: ", ")
        // Over datagrams too it is a stream transport that encrypts.
        let streams = transports.filter { $0.carrier == .stream }
        switch encryption {
        case .allowed: return
        case .required:
            guard !streams.contains(where: { $0.serves(.required) }) else { return }
            throw StrategyError(
                code: .refused,
                message: "encryption is required, but none of the transports (\(listed)) encrypts; add mse to them")
        case .disabled:
            let plain = transports.count > streams.count || streams.contains { $0.serves(.disabled) }
            guard !plain, !transports.isEmpty else { return }
            throw StrategyError(
                code: .refused,
                message: "encryption is disabled, but all of the transports (\(listed)) encrypt; add tcp to them")
        }
    }
}
