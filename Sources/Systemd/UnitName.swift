// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The unit that a process belongs to, as the kernel's control groups have it.
package enum UnitName {
    /// Bytes of `/proc/self/cgroup` that are looked at.
    private static let limit = 16 << 10

    /// That of this process; nil when it belongs to no service.
    package static func ofThisProcess() -> String? {
        let descriptor = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.limit)
        let count = read(descriptor, &bytes, bytes.count)
        return Self.inControlGroups(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    }

    /// The service that the lines of `/proc/PID/cgroup` name: the deepest group whose name ends in `.service`.
    package static func inControlGroups(_ text: String) -> String? {
        for line in text.split(separator: "\n") {
            let path = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
            if let unit = path.split(separator: "/").last(where: { $0.hasSuffix(".service") }) { return String(unit) }
        }
        return nil
    }
}
