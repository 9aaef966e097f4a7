// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

extension MetainfoBuilder {
    /// The .torrent file, canonical. `pieceHashes` are the SHA-1s of the payload's pieces (padding hashed as zeros), 20
    /// bytes each, ignored when the kind has none; `merkles` has one element for each of `entries` (any for padding and
    /// links) when the kind has hash trees, and is ignored otherwise.
    package func torrent(pieceHashes: [UInt8], merkles: [FileMerkle] = []) throws(MetainfoError) -> [UInt8] {
        guard !self.kind.isV1 || pieceHashes.count == self.geometry.pieceCount * 20 else {
            throw MetainfoError(
                "pieces",
                .unacceptable(
                    found: "\(pieceHashes.count) bytes long", wanted: "\(self.geometry.pieceCount) pieces need 20 each")
            )
        }
        let layers = self.kind.isV2 ? try self.layers(merkles) : nil
        var surroundings = Surroundings(
            trackerTiers: self.trackerTiers, webSeeds: self.webSeeds, isSingleFile: self.isSingleFile)
        surroundings.comment = self.comment
        surroundings.createdBy = self.createdBy
        surroundings.creationDate = self.creationDate
        let info = self.info(pieceHashes: pieceHashes, merkles: merkles)
        return TorrentEnvelope(info: info, pieceLayers: layers, surroundings).encoded
    }

    private func layers(_ merkles: [FileMerkle]) throws(MetainfoError) -> [[UInt8]: [UInt8]] {
        guard merkles.count == self.entries.count else {
            throw MetainfoError(
                "piece layers",
                .unacceptable(found: "\(merkles.count) trees", wanted: "\(self.entries.count) entries need one each"))
        }
        var layers: [[UInt8]: [UInt8]] = [:]
        for (entry, merkle) in zip(self.entries, merkles) where entry.length > 0 && !entry.isPadding {
            guard let root = merkle.root, root.count == MerkleTree.hashLength else {
                throw MetainfoError(entry.path.joined(separator: "/"), .missing)
            }
            if entry.length > UInt64(self.pieceLength) { layers[root] = merkle.pieceLayer }
        }
        return layers
    }

    private func info(pieceHashes: [UInt8], merkles: [FileMerkle]) -> [UInt8] {
        var writer = BencodeWriter(reserving: pieceHashes.count + 256 * self.entries.count)
        writer.dictionary { writer in
            let single = self.isSingleFile ? self.entries.first : nil
            if let single, self.kind.isV1 { self.writeAttributes(single, to: &writer) }
            if self.kind.isV2 { self.writeTree(merkles, to: &writer) }
            if self.kind.isV1 { self.writeFiles(single, to: &writer) }
            if self.kind.isV2 {
                writer.key("meta version")
                writer.write(2)
            }
            writer.key("name")
            writer.write(self.name)
            writer.key("piece length")
            writer.write(Int(self.pieceLength))
            if self.kind.isV1 {
                writer.key("pieces")
                writer.write(pieceHashes)
            }
            if self.isPrivate {
                writer.key("private")
                writer.write(1)
            }
            if let source = self.source {
                writer.key("source")
                writer.write(source)
            }
        }
        return writer.bytes
    }

    /// The v1 list of files, or the length of the only one.
    private func writeFiles(_ single: FileEntry?, to writer: inout BencodeWriter) {
        if let single {
            writer.key("length")
            writer.write(Int64(single.length))
        } else {
            writer.key("files")
            writer.list { writer in
                for entry in self.entries { self.writeEntry(entry, to: &writer) }
            }
        }
    }

    private func writeEntry(_ entry: FileEntry, to writer: inout BencodeWriter) {
        writer.dictionary { writer in
            self.writeAttributes(entry, to: &writer)
            writer.key("length")
            writer.write(Int64(entry.length))
            writer.key("path")
            Self.write(entry.path.dropFirst(), to: &writer)
            self.writeTarget(entry, to: &writer)
        }
    }

    private func writeAttributes(_ entry: FileEntry, to writer: inout BencodeWriter) {
        guard !entry.attributes.isEmpty else { return }
        writer.key("attr")
        writer.write(entry.attributes.letters)
    }

    private func writeTarget(_ entry: FileEntry, to writer: inout BencodeWriter) {
        guard let target = entry.symlinkTarget else { return }
        writer.key("symlink path")
        Self.write(target.dropFirst(), to: &writer)
    }

    private static func write(_ path: ArraySlice<String>, to writer: inout BencodeWriter) {
        writer.list { writer in
            for name in path { writer.write(name) }
        }
    }

    /// The file tree: entries are in tree order, so folders open and close as the paths go by.
    private func writeTree(_ merkles: [FileMerkle], to writer: inout BencodeWriter) {
        var leaves: [(path: ArraySlice<String>, index: Int)] = []
        for (index, entry) in self.entries.enumerated() where !entry.isPadding {
            leaves.append((self.isSingleFile ? entry.path[...] : entry.path.dropFirst(), index))
        }
        writer.key("file tree")
        self.writeFolder(leaves[...], merkles, to: &writer)
    }

    private func writeFolder(
        _ leaves: ArraySlice<(path: ArraySlice<String>, index: Int)>, _ merkles: [FileMerkle],
        to writer: inout BencodeWriter
    ) {
        writer.dictionary { writer in
            var rest = leaves
            while let first = rest.first, let name = first.path.first {
                writer.key(name)
                if first.path.count == 1 {
                    self.writeLeaf(self.entries[first.index], merkles[first.index], to: &writer)
                    rest = rest.dropFirst()
                    continue
                }
                let inside = rest.prefix { $0.path.count > 1 && $0.path.first?.utf8.elementsEqual(name.utf8) == true }
                rest = rest.dropFirst(inside.count)
                self.writeFolder(inside.map { ($0.path.dropFirst(), $0.index) }[...], merkles, to: &writer)
            }
        }
    }

    private func writeLeaf(_ entry: FileEntry, _ merkle: FileMerkle, to writer: inout BencodeWriter) {
        writer.dictionary { writer in
            writer.key("")
            writer.dictionary { writer in
                self.writeAttributes(entry, to: &writer)
                writer.key("length")
                writer.write(Int64(entry.length))
                if entry.length > 0, let root = merkle.root {
                    writer.key("pieces root")
                    writer.write(root)
                }
                self.writeTarget(entry, to: &writer)
            }
        }
    }
}
