// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension SettingCheck<String> {
    /// Where a Redis server is: host and port, or a socket's path; or empty.
    static var redisOrEmpty: SettingCheck {
        SettingCheck("host:port, the path of a socket, or empty for none") { node, value in
            if value.isEmpty || (value.hasPrefix("/") && value.utf8.count <= 107) || Self.isAuthority(value) {
                return nil
            }
            return SettingFault(
                node, "expected \"127.0.0.1:6379\" or a socket's path of at most 107 bytes, found \(value.toml)")
        }
    }

    /// Host and port, or empty.
    static var authorityOrEmpty: SettingCheck {
        SettingCheck("host:port, or empty for none") { node, value in
            value.isEmpty || Self.isAuthority(value)
                ? nil : SettingFault(node, "expected \"tracker1.example.org:6969\", found \(value.toml)")
        }
    }

    /// What the names of keys may begin with.
    static var redisWord: SettingCheck {
        SettingCheck("at most 64 characters without spaces") { node, value in
            value.utf8.count <= 64 && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
                ? nil : SettingFault(node, "must be at most 64 characters without spaces, found \(value.toml)")
        }
    }

    /// A tracker's name among others, or empty.
    static var nodeNameOrEmpty: SettingCheck {
        SettingCheck("at most 64 letters, digits, points, - and _, or empty") { node, value in
            let fits =
                value.utf8.count <= 64 && value.utf8.allSatisfy { Self.isHostByte($0) || $0 == UInt8(ascii: "_") }
            return fits
                ? nil : SettingFault(node, "must be at most 64 letters, digits, points, - and _, found \(value.toml)")
        }
    }

    /// A list that a cluster can share.
    static var clusterList: SettingCheck {
        SettingCheck("\"allow\", \"deny\" or \"passkeys\"") { node, value in
            ["allow", "deny", "passkeys"].contains(value)
                ? nil : SettingFault(node, "expected \"allow\", \"deny\" or \"passkeys\", found \(value.toml)")
        }
    }

    /// A name, an IPv4 address or an IPv6 address in brackets, and a port.
    private static func isAuthority(_ value: String) -> Bool {
        guard value.utf8.count <= 255, let colon = value.lastIndex(of: ":"),
            let port = UInt16(value[value.index(after: colon)...]), port > 0
        else { return false }
        let host = value[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            return IPAddress(host.dropFirst().dropLast())?.isV6 ?? false
        }
        return !host.isEmpty && host.utf8.allSatisfy(Self.isHostByte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x2e
    }
}
