// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The user whose rights decide what the daemon can read and write.
enum DaemonUser {
    /// What to do about a permission that is missing.
    static var advice: String { "swarmd runs as the user \(Self.name), who must have access to it" }

    private static var name: String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var space = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(geteuid(), &entry, &space, space.count, &found) == 0, found != nil, let name = entry.pw_name
        else { return "\(geteuid())" }
        return String(cString: name)
    }
}
