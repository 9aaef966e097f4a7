// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Metainfo
import SwarmConfig

extension TorrentDirectory {
    /// The longest magnet link of a file.
    private static let longestLink = 64 << 10

    /// Adds what a file in a watched folder has: a .torrent file's bytes, or a magnet link in the first line.
    func add(_ bytes: [UInt8], isLink: Bool, _ settings: WatchFolderSettings) async throws -> TorrentReference {
        var options = Options(
            folder: try PayloadFolder(settings.dir ?? self.services.configuration.daemon.downloadDirectory))
        options.isPaused = settings.isPaused
        options.labels = try LabelSet(settings.labels)
        guard isLink else { return try await self.add(bytes, options) }
        let line = bytes.prefix(Self.longestLink).prefix { $0 != 0x0A && $0 != 0x0D }
        let text = String(decoding: line, as: UTF8.self)
        guard text.lowercased().hasPrefix("magnet:") else {
            throw ControlError(.malformedTorrent, "its first line is no magnet link")
        }
        do {
            return try await self.add(try MagnetLink(parsing: text), options)
        } catch let error as MagnetLinkError {
            throw ControlError(.malformedTorrent, "\(error)")
        }
    }
}
