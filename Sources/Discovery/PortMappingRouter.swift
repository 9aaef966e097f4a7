// SPDX-License-Identifier: Apache-2.0

import CPortMapping
import Glibc

/// How a router is asked for ports: by NAT-PMP, or by UPnP once its device has been found. Everything here waits for the
/// network: never on a loop.
enum PortMappingRouter: Sendable {
    /// The router of the default route, or one that is named.
    case natPMP(gateway: String?)
    /// One that described itself.
    case upnp(Device)

    /// What UPnP's library must know of a router.
    struct Device: @unchecked Sendable {
        // Unchecked because the importer does not say it of arrays of characters; it is plain memory.
        fileprivate var raw: cportmapping_device
    }

    /// The protocol's name for people.
    var name: String {
        switch self {
        case .natPMP: "NAT-PMP"
        case .upnp: "UPnP"
        }
    }

    /// How our mappings are called in the router's list.
    private static let label = "swarmd"

    /// Looks for a router that speaks UPnP, or takes the one that is described at `url`; nil when there is none.
    static func findUPnP(url: String?, patience milliseconds: CInt) -> PortMappingRouter? {
        var device = cportmapping_device()
        let result = Self.with(url) { cportmapping_upnp_find($0, milliseconds, &device) }
        return result == 0 ? .upnp(Device(raw: device)) : nil
    }

    /// Asks for a port for `lifetime` seconds, by the same number outside where that is free. nil when it is not to be had.
    func map(
        port: UInt16, isUDP: Bool, lifetime: UInt32, patience milliseconds: CInt
    ) -> PortMapping? {
        var answer = cportmapping_answer()
        switch self {
        case .natPMP(let gateway):
            let result = Self.with(gateway) {
                cportmapping_natpmp($0, isUDP ? 1 : 0, port, lifetime, milliseconds, &answer)
            }
            guard result == 0 else { return nil }
        case .upnp(let device):
            // Another machine may have the port; of the higher ones it is up to chance.
            let candidates = [port] + (0..<3).map { _ in UInt16.random(in: 20_000...60_000) }
            let taken = candidates.contains { external in
                withUnsafePointer(to: device.raw) {
                    cportmapping_upnp_add($0, isUDP ? 1 : 0, port, external, lifetime, Self.label, &answer) == 0
                }
            }
            guard taken else { return nil }
        }
        let address = withUnsafeBytes(of: answer.external_address) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return PortMapping(
            isUDP: isUDP, port: port, externalPort: answer.external_port,
            externalAddress: address.isEmpty ? nil : address, lifetime: answer.lifetime)
    }

    /// Takes a mapping back.
    func remove(_ mapping: PortMapping, patience milliseconds: CInt) {
        switch self {
        case .natPMP(let gateway):
            var answer = cportmapping_answer()
            _ = Self.with(gateway) {
                cportmapping_natpmp($0, mapping.isUDP ? 1 : 0, mapping.port, 0, milliseconds, &answer)
            }
        case .upnp(let device):
            _ = withUnsafePointer(to: device.raw) {
                cportmapping_upnp_remove($0, mapping.isUDP ? 1 : 0, mapping.externalPort)
            }
        }
    }

    private static func with<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }
}
