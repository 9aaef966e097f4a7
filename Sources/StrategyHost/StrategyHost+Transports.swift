// SPDX-License-Identifier: Apache-2.0

import Logging
package import PeerTransport
import SwarmEvents

extension StrategyHost {
    /// The transports `names`, in that order, with what `options` has for each; otherwise as `makePicker`. One that is in
    /// quarantine is left out, with a line in the log, unless it is the only one. Throws also when encryption is required and
    /// none of them encrypts.
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
        // Over datagrams too it is a stream transport that encrypts.
        let encrypts = transports.contains { $0.carrier == .stream && $0.serves(encryption) }
        guard encryption == .required, !encrypts else { return transports }
        throw StrategyError(
            code: .refused,
            message: "encryption is required, but none of the transports (\(names.joined(separator: ", "))) encrypts;"
                + " add mse to them")
    }
}
