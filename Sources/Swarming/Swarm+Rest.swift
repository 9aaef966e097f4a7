// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A torrent without peers keeps what it knows of its pieces, and nothing of what peers are chosen and asked by.
extension Swarm {
    /// A torrent that makes its strategies when its first peer joins, and may rest; otherwise as the other initialiser.
    package init(
        geometry: TorrentGeometry, have: Bitfield, configuration: SwarmConfiguration, maker: any StrategyMaker,
        random: SplitMix64, at now: Instant
    ) {
        self.init(
            geometry: geometry, have: have, configuration: configuration, strategies: (nil, nil), maker: maker,
            random: random, at: now)
    }

    /// Whether no strategies are there now.
    package var isResting: Bool { self.picker == nil }

    /// Lets go of the strategies and of all memory for peers and for pieces under way, until the next peer joins. Without
    /// effect while there is a peer or a piece under way, and on a torrent whose strategies were given to it.
    package mutating func rest() {
        guard let maker = self.maker, self.peers.activeCount == 0, self.open.count == 0 else { return }
        // One that had to take another's place would have to again.
        self.restingNames = (self.picker?.name ?? maker.pickerName, self.choker?.name ?? maker.chokerName)
        self.picker = nil
        self.choker = nil
        self.suggestions = [:]
        self.idleHolder = nil
        self.peers.removeAll()
        self.open = OpenPieces(geometry: self.geometry)
        self.holders = PieceHolders(pieceCount: self.geometry.pieceCount)
    }

    /// Makes what is to decide, because somebody is here whom it may decide about.
    mutating func endRest() {
        guard self.picker == nil || self.choker == nil, let maker = self.maker else { return }
        self.choker = maker.makeChoker(for: self.geometry, seed: self.random.next())
        self.replacePicker(maker.makePicker(for: self.geometry, seed: self.random.next()))
    }

    /// Has strategies made by another maker from now on: at once where one is given, which are its, or else when they are
    /// needed next.
    package mutating func replaceStrategies(
        _ maker: any StrategyMaker, picker: (any PiecePicker)?, choker: (any Choker)?, at now: Instant
    ) {
        self.maker = maker
        self.restingNames = (maker.pickerName, maker.chokerName)
        guard !self.isResting else { return }
        if let picker { self.replacePicker(picker) }
        if let choker { self.replaceChoker(choker, at: now) }
    }
}
