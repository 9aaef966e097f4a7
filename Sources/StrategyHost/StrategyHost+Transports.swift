// SPDX-License-Identifier: Apache-2.0

package import PeerTransport

extension StrategyHost {
    /// The transports `names`, in that order, with what `options` has for each; otherwise as `makePicker`. Throws also when encryption is required and none
    /// of them encrypts.
    package func makeTransports(
        named names: [String], options: (String) -> [String: String] = { _ in [:] }, encryption: LinkEncryption
    ) throws(StrategyError) -> [Transport] {
        var transports: [Transport] = []
        for name in names { transports.append(try self.makeTransport(named: name, options: options(name))) }
        // Over datagrams too it is a stream transport that encrypts.
        let encrypts = transports.contains { $0.carrier == .stream && $0.serves(encryption) }
        guard encryption == .required, !encrypts else { return transports }
        throw StrategyError(
            code: .refused,
            message: "encryption is required, but none of the transports (\(names.joined(separator: ", "))) encrypts;"
                + " add mse to them")
    }
}
