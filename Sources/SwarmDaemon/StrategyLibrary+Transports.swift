// SPDX-License-Identifier: Apache-2.0

import PeerTransport
import StrategyHost
import SwarmConfig

extension StrategyLibrary {
    /// The transports that the configuration names, in its order. Throws what is wrong with one, or that encryption is
    /// required and none of them encrypts.
    func transports(_ configuration: DaemonConfiguration) throws(StrategyError) -> [Transport] {
        try self.host.makeTransports(
            named: configuration.strategy.transports, options: configuration.strategy.options.bare,
            encryption: LinkEncryption(configuration.peer.encryption))
    }
}

extension LinkEncryption {
    /// What the operator wrote.
    init(_ policy: EncryptionPolicy) {
        switch policy {
        case .disabled: self = .disabled
        case .allowed: self = .allowed
        case .required: self = .required
        }
    }
}
