// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Metainfo
import Synchronization

/// Makes torrents of files and folders, hashing with all of the store's threads.
package enum TorrentCreator {
    /// What to put into the torrent besides the payload.
    package struct Options: Sendable {
        /// v1, v2, or both at once.
        package var kind = MetainfoBuilder.Kind.v1
        /// Bytes in a piece, a power of two of at least 16 KiB; nil to choose by the payload's size.
        package var pieceLength: UInt32?
        /// Trackers in tiers.
        package var trackerTiers: [[String]] = []
        /// Web servers that have the payload.
        package var webSeeds: [String] = []
        /// Whether peers may be had from the trackers only.
        package var isPrivate = false
        /// A remark.
        package var comment: String?
        /// The program that makes it.
        package var createdBy: String?
        /// Seconds since 1970; none is written when nil.
        package var creationDate: Int64?
        /// A mark that sets the torrent apart from others of the same payload.
        package var source: String?
        /// Whether a link that leads out of the folder to a file is shared as that file. Such a torrent cannot be seeded
        /// where it lies, for the store follows no links; without this such a link is an error.
        package var followsLinks = false

        /// The defaults.
        package init() {}
    }

    /// A torrent just made.
    package struct Created: Sendable {
        /// The .torrent file.
        package let metainfo: [UInt8]
        /// Where the payload lies, below `root`.
        package let layout: FileLayout
        /// The folder that holds the shared file or folder, absolute and without links: the download folder with which
        /// it can be seeded where it lies.
        package let root: String
    }

    /// Makes a torrent of the file or folder at `path`. `progress` is told bytes hashed and bytes in all (padding
    /// included), on the store's threads, one call at a time. Throws `CreationError`, `MetainfoError`, or
    /// `CancellationError` when the task is cancelled.
    package static func create(
        path: String, options: Options, store: PieceStore,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) async throws -> Created {
        let survey = try await Self.survey(path, options, store)
        let (builder, layout) = (survey.builder, survey.layout)
        let hasher = PayloadHasher(builder, layout: layout, sources: survey.sources, store: store, progress: progress)
        let hashes = try await withTaskCancellationHandler {
            if Task.isCancelled { hasher.cancel() }
            return try await withCheckedThrowingContinuation { answer in
                hasher.start { answer.resume(with: $0) }
            }
        } onCancel: {
            hasher.cancel()
        }
        let metainfo = try builder.torrent(pieceHashes: hashes.pieceHashes, merkles: hashes.merkles)
        return Created(metainfo: metainfo, layout: layout, root: survey.root)
    }

    /// What is to be hashed.
    private struct Survey: Sendable {
        let builder: MetainfoBuilder
        let layout: FileLayout
        let sources: [SharedFile?]
        let root: String
    }

    private static func survey(_ path: String, _ options: Options, _ store: PieceStore) async throws -> Survey {
        try await withCheckedThrowingContinuation { answer in
            store.queue.submit(.slow) { answer.resume(with: Result { try Self.survey(path, options) }) }
        }
    }

    private static func survey(_ path: String, _ options: Options) throws -> Survey {
        guard let top = SharedFolderWalk.realPath(path) else {
            throw CreationError(.unreadable(errno: errno), path: path)
        }
        guard top != "/", let slash = top.lastIndex(of: "/") else { throw CreationError(.notAFile, path: top) }
        let found = try SharedFolderWalk.files(of: top, followsLinks: options.followsLinks)
        let name = String(top[top.index(after: slash)...])
        let total = found.files.reduce(UInt64(0)) { $0 + $1.description.length }
        var builder = try MetainfoBuilder(
            name: name, pieceLength: options.pieceLength ?? PieceLengthChoice.pieceLength(totalLength: total),
            files: found.files.map(\.description), kind: options.kind, isSingleFile: found.isFile)
        builder.trackerTiers = options.trackerTiers
        builder.webSeeds = options.webSeeds
        builder.isPrivate = options.isPrivate
        builder.comment = options.comment
        builder.createdBy = options.createdBy
        builder.creationDate = options.creationDate
        builder.source = options.source
        return Survey(
            builder: builder, layout: try FileLayout(entries: builder.entries, geometry: builder.geometry),
            sources: Self.sources(of: builder.entries, found.files, isFile: found.isFile),
            root: slash == top.startIndex ? "/" : String(top[..<slash]))
    }

    /// What each entry is read from.
    private static func sources(of entries: [FileEntry], _ files: [SharedFile], isFile: Bool) -> [SharedFile?] {
        var byPath: [FolderPath: SharedFile] = [:]
        for file in files { byPath[FolderPath(file.description.path)] = file }
        return entries.map { entry in
            guard !entry.isPadding, entry.symlinkTarget == nil else { return nil }
            return byPath[FolderPath(isFile ? entry.path : Array(entry.path.dropFirst()))]
        }
    }
}
