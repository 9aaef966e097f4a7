// SPDX-License-Identifier: Apache-2.0

import PeerTransport
import Testing

@testable import StrategyHost

@Suite struct EncryptionPolicyTests {
    @Test(
        arguments: [
            (["tcp"], LinkEncryption.required, "add mse to them"), (["tcp", "utp"], .required, "add mse to them"),
            (["mse"], .disabled, "add tcp to them"),
        ])
    func `a word on encryption that leaves no way to anybody is refused`(
        _ names: [String], _ encryption: LinkEncryption, _ advice: String
    ) throws {
        let error = #expect(throws: StrategyError.self) {
            try Fixture.host().makeTransports(named: names, encryption: encryption)
        }
        #expect(error.map { "\($0)" }?.contains(advice) == true)
    }

    @Test(
        arguments: [
            (["tcp"], LinkEncryption.disabled), (["utp"], .disabled), (["mse", "tcp"], .disabled),
            (["mse", "utp"], .disabled),
            (["mse"], .required), (["tcp", "mse"], .required), (["utp", "mse"], .required), (["mse"], .allowed),
            (["tcp"], .allowed),
        ])
    func `one that leaves a way is taken`(_ names: [String], _ encryption: LinkEncryption) throws {
        let made = try Fixture.host().makeTransports(named: names, encryption: encryption)
        #expect(made.map(\.name) == names)
    }
}
