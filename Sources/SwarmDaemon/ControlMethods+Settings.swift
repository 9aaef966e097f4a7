// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire

extension ControlMethods {
    /// What is said about the configuration.
    func addSettings(to router: inout ControlRouter) {
        let keeper = self.keeper
        router.on(ConfigGet.self) { params, _ throws(ControlError) in try await keeper.settings(params.key) }
        router.on(ConfigSet.self) { params, _ throws(ControlError) in
            try await keeper.set(params.key, to: params.value)
        }
        router.on(ConfigUnset.self) { params, _ throws(ControlError) in try await keeper.unset(params.key) }
    }
}
