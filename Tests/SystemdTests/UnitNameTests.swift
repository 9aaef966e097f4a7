// SPDX-License-Identifier: Apache-2.0

import Systemd
import Testing

@Suite struct UnitNameTests {
    @Test(arguments: [
        ("0::/system.slice/swarmd.service\n", "swarmd.service"),
        ("0::/system.slice/system-swarmd.slice/swarmd@two.service/sub\n", "swarmd@two.service"),
        ("12:memory:/box/system.slice/swarmd.service\n1:name=systemd:/\n", "swarmd.service"),
        ("0::/user.slice/user-1000.slice/session-2.scope\n", nil), ("", nil), ("nonsense", nil),
    ])
    func `the unit is the deepest service of the control group`(text: String, unit: String?) {
        #expect(UnitName.inControlGroups(text) == unit)
    }
}
