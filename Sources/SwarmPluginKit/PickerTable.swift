// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// The C functions of a picker, which pass each call on to an instance.
enum PickerTable {
    nonisolated(unsafe) static var make: ((PluginSetup) -> Picker?)?

    /// `takeUnretainedValue` would count references atomically, at twenty times the cost of the call.
    private static func with(_ instance: UnsafeMutableRawPointer?, _ body: (Picker) -> Void) {
        guard let instance else { return }
        Unmanaged<Picker>.fromOpaque(instance)._withUnsafeGuaranteedRef { body($0) }
    }

    static func functions(followsSuggestions: Bool) -> UnsafePointer<swarm_picker> {
        let table = UnsafeMutablePointer<swarm_picker>.allocate(capacity: 1)
        table.initialize(
            to: swarm_picker(
                struct_size: UInt32(MemoryLayout<swarm_picker>.size),
                flags: followsSuggestions ? SWARM_PICKER_FOLLOWS_SUGGESTIONS : 0,
                create: { host, torrent, values, count in
                    guard let host, let torrent, let make = PickerTable.make else { return nil }
                    let setup = PluginSetup(host: host, torrent: torrent, values: values, valueCount: count)
                    guard let picker = make(setup) else { return nil }
                    return Unmanaged.passRetained(picker).toOpaque()
                },
                destroy: { instance in
                    if let instance { Unmanaged<Picker>.fromOpaque(instance).release() }
                },
                piece_gained: { instance, piece in PickerTable.with(instance) { $0.pieceGained(piece) } },
                piece_lost: { instance, piece in PickerTable.with(instance) { $0.pieceLost(piece) } },
                pieces_gained: { instance, words, wordCount, setCount in
                    guard let words else { return }
                    let pieces = PieceWords(words, count: wordCount)
                    PickerTable.with(instance) { $0.piecesGained(pieces, setCount: Int(setCount)) }
                },
                pieces_lost: { instance, words, wordCount, setCount in
                    guard let words else { return }
                    let pieces = PieceWords(words, count: wordCount)
                    PickerTable.with(instance) { $0.piecesLost(pieces, setCount: Int(setCount)) }
                },
                set_tracker_counts: { instance, first, counts, count in
                    guard let counts else { return }
                    let told = UnsafeBufferPointer(start: counts, count: count)
                    PickerTable.with(instance) { $0.trackerCounts(first: first, told) }
                },
                set_priority: { instance, piece, priority in
                    PickerTable.with(instance) { $0.setPriority(piece, priority) }
                },
                set_state: { instance, piece, state in PickerTable.with(instance) { $0.setState(piece, state) } },
                pick: { instance, peer, maximum, pieces in
                    guard let instance, let peer, let pieces else { return 0 }
                    let room = UnsafeMutableBufferPointer(start: pieces, count: Int(maximum))
                    return Unmanaged<Picker>.fromOpaque(instance)._withUnsafeGuaranteedRef {
                        UInt32(truncatingIfNeeded: $0.pick(for: PeerView(peer), into: room))
                    }
                }))
        return UnsafePointer(table)
    }
}
