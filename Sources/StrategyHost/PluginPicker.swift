// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Logging
import SwarmModel
import Swarming

/// A picker that lives in a plugin. Every answer is checked; the built-in picker hears of everything too, so that it can
/// answer at once in the place of a wrong answer, and for good after too many of them.
final class PluginPicker: PiecePicker {
    private let instance: PluginInstance
    private let table: swarm_picker
    private let fallback: RarestPicker

    init(
        _ plugin: LoadedPlugin, _ table: swarm_picker, for geometry: TorrentGeometry, values: [StrategyOptionValue],
        seed: UInt64, logger: Logger
    ) throws(StrategyError) {
        guard let create = table.create, let destroy = table.destroy else {
            throw PluginDescriptionReader(path: plugin.path).error("lacks functions that a picker must have")
        }
        self.table = table
        self.fallback = RarestPicker(pieceCount: geometry.pieceCount, random: SplitMix64(seed: ~seed))
        self.instance = try PluginInstance(
            of: plugin, for: geometry, values: values, seed: seed, logger: logger, create: create, destroy: destroy)
    }

    /// As the plugin says; the built-in picker that takes its place follows them.
    var followsSuggestions: Bool {
        self.instance.handle == nil || self.table.flags & SWARM_PICKER_FOLLOWS_SUGGESTIONS != 0
    }
    var name: String { self.instance.handle == nil ? self.fallback.name : self.instance.plugin.name }

    func pieceGained(_ piece: PieceIndex) {
        self.fallback.pieceGained(piece)
        self.tell { self.table.piece_gained($0, piece.rawValue) }
    }

    func pieceLost(_ piece: PieceIndex) {
        self.fallback.pieceLost(piece)
        self.tell { self.table.piece_lost($0, piece.rawValue) }
    }

    func piecesGained(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        self.fallback.piecesGained(words, count: count)
        self.tell { self.table.pieces_gained($0, words.baseAddress, words.count, UInt32(count)) }
    }

    func piecesLost(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        self.fallback.piecesLost(words, count: count)
        self.tell { self.table.pieces_lost($0, words.baseAddress, words.count, UInt32(count)) }
    }

    func setTrackerCounts(_ first: PieceIndex, _ counts: UnsafeBufferPointer<UInt32>) {
        self.fallback.setTrackerCounts(first, counts)
        guard let setCounts = self.table.set_tracker_counts else { return }
        self.tell { setCounts($0, first.rawValue, counts.baseAddress, counts.count) }
    }

    func setPriority(_ piece: PieceIndex, _ priority: PiecePriority) {
        self.fallback.setPriority(piece, priority)
        self.tell { self.table.set_priority($0, piece.rawValue, UInt32(priority.rawValue)) }
    }

    func setState(_ piece: PieceIndex, _ state: PieceState) {
        self.fallback.setState(piece, state)
        self.tell { self.table.set_state($0, piece.rawValue, UInt32(state.rawValue)) }
    }

    func pick(
        for peer: PickerPeer, having words: UnsafeBufferPointer<UInt64>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        guard let handle = self.instance.handle, let base = words.baseAddress, !pieces.isEmpty else {
            return self.fallback.pick(for: peer, having: words, into: pieces)
        }
        var view = swarm_picker_peer(
            struct_size: UInt32(MemoryLayout<swarm_picker_peer>.size), slot: UInt32(truncatingIfNeeded: peer.slot),
            words: base, word_count: UInt32(words.count), have_count: UInt32(peer.haveCount),
            down_rate: UInt64(rate: peer.downRate), now: peer.now.nanoseconds, summary: peer.summary)
        let start = self.instance.begin()
        let count = Int(self.table.pick(handle, &view, UInt32(pieces.count), pieces.baseAddress))
        self.instance.finish(start, fallback: self.fallback.name)
        guard let wrong = self.flaw(in: pieces, count: count, words) else { return count }
        self.instance.fault(wrong, fallback: self.fallback.name)
        return self.fallback.pick(for: peer, having: words, into: pieces)
    }

    private func tell(_ body: (UnsafeMutableRawPointer) -> Void) {
        self.instance.tell(fallback: self.fallback.name, body)
    }

    /// What is wrong with an answer; nil when nothing is.
    private func flaw(
        in pieces: UnsafeMutableBufferPointer<UInt32>, count: Int, _ words: UnsafeBufferPointer<UInt64>
    ) -> String? {
        guard count <= pieces.count else { return "picked \(count) pieces where \(pieces.count) were asked for" }
        for index in 0..<count {
            let piece = PieceIndex(pieces[index])
            guard piece.offset >> 6 < words.count else { return "picked piece \(piece), which is not in the torrent" }
            guard self.fallback.isPickable(piece) else { return "picked piece \(piece), which is not wanted" }
            guard words[piece.offset >> 6] >> UInt64(piece.offset & 63) & 1 == 1 else {
                return "picked piece \(piece), which the peer does not have"
            }
            for other in 0..<index where pieces[other] == pieces[index] { return "picked piece \(piece) twice" }
        }
        return nil
    }
}
