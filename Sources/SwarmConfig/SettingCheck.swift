// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A condition that a value must meet beyond having the right type.
struct SettingCheck<Value: Sendable>: Sendable {
    /// Which values pass, in words.
    let accepts: String
    /// The fault, or nil when the value is fine.
    let fault: @Sendable (TomlNode, Value) -> SettingFault?

    init(_ accepts: String, fault: @escaping @Sendable (TomlNode, Value) -> SettingFault?) {
        self.accepts = accepts
        self.fault = fault
    }

    /// Every element of a list must pass; the fault stands at the element. `what` is the elements in the plural.
    static func each<Element>(_ check: SettingCheck<Element>, _ what: String) -> SettingCheck
    where Value == [Element] {
        SettingCheck("a list of \(what)") { node, values in
            guard case .array(let nodes) = node.value else { return nil }
            for (node, value) in zip(nodes, values) {
                if let fault = check.fault(node, value) { return fault }
            }
            return nil
        }
    }
}

extension SettingCheck where Value: Comparable & SettingValue {
    /// Both bounds belong to the range.
    static func within(_ range: ClosedRange<Value>) -> SettingCheck {
        let words = "\(range.lowerBound.toml) to \(range.upperBound.toml)"
        return SettingCheck(words) { node, value in
            range.contains(value) ? nil : SettingFault(node, "must be \(words), found \(value.toml)")
        }
    }
}

extension SettingCheck<String> {
    /// A path of the file system, absolute so that it does not depend on where the program was started.
    static var path: SettingCheck {
        SettingCheck("an absolute path") { node, value in
            if value.isEmpty { return SettingFault(node, "expected a path, found an empty string") }
            return self.pathFault(node, value)
        }
    }

    /// A path, or empty for none.
    static var pathOrEmpty: SettingCheck {
        SettingCheck("an absolute path, or empty for none") { node, value in
            value.isEmpty ? nil : self.pathFault(node, value)
        }
    }

    private static func pathFault(_ node: TomlNode, _ value: String) -> SettingFault? {
        if value.utf8.contains(0) { return SettingFault(node, "a path cannot contain a NUL character") }
        if value.utf8.count > 4_095 { return SettingFault(node, "a path has at most 4095 bytes") }
        return value.hasPrefix("/") ? nil : SettingFault(node, "expected an absolute path, found \(value.toml)")
    }

    /// The name of a strategy plugin.
    static var strategyName: SettingCheck {
        SettingCheck("a strategy's name") { node, value in
            let fits = !value.isEmpty && value.utf8.count <= 64 && value.utf8.allSatisfy(self.isNameByte)
            return fits
                ? nil : SettingFault(node, "expected a strategy's name (a-z, 0-9 and -), found \(value.toml)")
        }
    }

    /// A group of the system, by name or number.
    static var groupName: SettingCheck {
        SettingCheck("a group's name") { node, value in
            let fits = value.utf8.count <= 256 && !value.utf8.contains { $0 <= 0x20 || $0 == 0x3a || $0 == 0x7f }
            return fits && !value.isEmpty ? nil : SettingFault(node, "expected a group's name, found \(value.toml)")
        }
    }

    /// A tracker's announce URL.
    static var trackerURL: SettingCheck {
        SettingCheck("an announce URL") { node, value in
            let schemes = ["http://", "https://", "udp://"]
            let rest = schemes.lazy.filter(value.lowercased().hasPrefix).first.map { value.dropFirst($0.count) }
            guard let rest, let first = rest.first, first != "/", value.utf8.count <= 2_048,
                value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
            else {
                return SettingFault(
                    node, "expected a tracker's announce URL as \"http://host:6969/announce\", found \(value.toml)")
            }
            return nil
        }
    }

    /// A node of the hash table: a name or an address, and a port.
    static var nodePlace: SettingCheck {
        SettingCheck("a host and port") { node, value in
            let host = value.lastIndex(of: ":").map { value[..<$0] }
            let port = value.lastIndex(of: ":").flatMap { UInt16(value[value.index(after: $0)...]) }
            guard let host, !host.isEmpty, let port, port != 0, value.utf8.count <= 255,
                value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
            else {
                return SettingFault(
                    node, "expected a host and a port as \"router.example:6881\", found \(value.toml)")
            }
            return nil
        }
    }

    /// An address, or a range of them as 10.0.0.0/8.
    static var addressRange: SettingCheck {
        SettingCheck("an address or range") { node, value in
            let read = AddressFilter(text: value.utf8)
            return read.ruleCount == 1 && read.junkCount == 0
                ? nil : SettingFault(node, "expected an address or a range as \"10.0.0.0/8\", found \(value.toml)")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
