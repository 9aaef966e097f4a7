// SPDX-License-Identifier: Apache-2.0

import Logging
import Metainfo
import PeerNetwork
import PieceStore
import StateStore
import SwarmEvents
import SwarmModel
import Swarming

/// Hashes of pieces that a torrent's metainfo lacks, because a link or its file did not bring them (BEP 52).
extension TorrentDirectory {
    /// The metadata of a v2 torrent are here, and not the hashes of its pieces: without those no piece is worth anything.
    func seekLayers(of metainfo: Metainfo, for entry: TorrentEntry) async {
        entry.withoutLayers = metainfo
        // Peers are had from its trackers alone from the moment that it is known to be private (BEP 27).
        if metainfo.isPrivate { await self.endDiscovery(of: entry) }
        Self.fetchLayers(of: metainfo, by: entry.handle)
    }

    /// Peers gave the hashes of pieces that were missing.
    func take(_ layers: [[UInt8]: [UInt8]], for entry: TorrentEntry) async {
        guard let known = entry.withoutLayers else { return await self.keep(layers, of: entry) }
        let bytes = known.encoded(with: layers)
        do {
            // Read again, which checks every layer against its root.
            let metainfo = try await Self.parse(bytes)
            await self.take(metainfo, bytes, from: "peers", for: entry)
        } catch {
            entry.withoutLayers = nil
            await self.giveUp(entry, because: error)
        }
    }

    /// A hybrid goes without, by its SHA-1s; with them it can tell which block of a piece is wrong, and others can have them
    /// from here.
    func completeLayers(of entry: TorrentEntry, _ handle: TorrentHandle) async {
        guard entry.lacksLayers, let metainfo = try? await self.metainfo(of: entry) else { return }
        Self.fetchLayers(of: metainfo, by: handle)
    }

    private func keep(_ layers: [[UInt8]: [UInt8]], of entry: TorrentEntry) async {
        guard entry.lacksLayers, let bare = try? await self.metainfo(of: entry) else { return }
        let bytes = bare.encoded(with: layers)
        guard let metainfo = try? await Self.parse(bytes) else { return }
        self.judge(entry, by: PieceHashes(metainfo))
        do {
            try await self.services.state.setMetainfo(bytes, of: entry.infoHash)
            entry.lacksLayers = false
        } catch {
            // They are fetched anew after the next start.
            self.logger.event(
                .progressUnrecorded, "hashes of \(entry.outline.name) could not be recorded: \(error)",
                entry.logFields(error))
        }
    }

    private static func fetchLayers(of metainfo: Metainfo, by handle: TorrentHandle?) {
        handle?.fetchLayers(
            metainfo.missingLayers.map { LayerFetch.File(root: $0.root, pieceCount: $0.pieceCount) },
            pieceLayer: metainfo.pieceLayer)
    }
}
