// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// The C functions of a choker, which pass each call on to an instance.
enum ChokerTable {
    nonisolated(unsafe) static var make: ((PluginSetup) -> Choker?)?

    /// `choosesHolders` tells the host to ask which of a piece's holders is asked for it.
    static func functions(choosesHolders: Bool) -> UnsafePointer<swarm_choker> {
        let table = UnsafeMutablePointer<swarm_choker>.allocate(capacity: 1)
        table.initialize(
            to: swarm_choker(
                struct_size: UInt32(MemoryLayout<swarm_choker>.size), reserved: 0,
                create: { host, torrent, values, count in
                    guard let host, let torrent, let make = ChokerTable.make else { return nil }
                    let setup = PluginSetup(host: host, torrent: torrent, values: values, valueCount: count)
                    guard let choker = make(setup) else { return nil }
                    return Unmanaged.passRetained(choker).toOpaque()
                },
                destroy: { instance in
                    if let instance { Unmanaged<Choker>.fromOpaque(instance).release() }
                },
                round: { instance, round, unchoked in
                    guard let instance, let round, let unchoked else { return }
                    let flags = UnsafeMutableBufferPointer(start: unchoked, count: Int(round.pointee.peer_count))
                    Unmanaged<Choker>.fromOpaque(instance)._withUnsafeGuaranteedRef {
                        $0.decide(RoundView(round), unchoked: flags)
                    }
                },
                choose_holder: choosesHolders ? Self.chooseHolder : nil))
        return UnsafePointer(table)
    }

    private static let chooseHolder:
        @convention(c) (UnsafeMutableRawPointer?, UInt32, UnsafePointer<swarm_choke_round>?) -> UInt32 = {
            instance, piece, holders in
            guard let instance, let holders else { return 0 }
            return Unmanaged<Choker>.fromOpaque(instance)._withUnsafeGuaranteedRef {
                UInt32(truncatingIfNeeded: $0.chooseHolder(of: piece, among: RoundView(holders)))
            }
        }
}
