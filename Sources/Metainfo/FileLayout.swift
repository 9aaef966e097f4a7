// SPDX-License-Identifier: Apache-2.0

/// Turns the files a torrent states into entries with safe paths and offsets.
enum FileLayout {
    /// `folder` is the torrent's own folder, nil for a single file. The sum of lengths has been checked.
    static func entries(_ files: [RawFile], folder: String?, name: String) throws(MetainfoError) -> [FileEntry] {
        let top = folder.map { [$0] } ?? []
        var names = FolderNames()
        var paths: [[String]] = []
        paths.reserveCapacity(files.count)
        for file in files {
            let cleaned = folder == nil ? [name] : top + SafeName.path(file.path)
            let bytes = cleaned.reduce(0) { $0 + $1.utf8.count + 1 }
            guard bytes <= MetainfoLimits.pathBytes else {
                throw MetainfoError(
                    "info.files[\(paths.count)].path",
                    .tooMany(found: UInt64(bytes), limit: UInt64(MetainfoLimits.pathBytes)))
            }
            paths.append(file.attributes.contains(.padding) ? cleaned : names.place(cleaned))
        }
        var offset: UInt64 = 0
        return files.indices.map { index in
            let file = files[index]
            defer { offset += file.length }
            return FileEntry(
                path: paths[index], length: file.length, offset: offset, attributes: file.attributes,
                symlinkTarget: file.symlinkTarget.map { Self.target($0, of: paths[index], top: top, names) },
                piecesRoot: file.piecesRoot)
        }
    }

    /// BEP 47 counts a link's target from the torrent's folder; some makers count from the link's own. The first that
    /// exists is meant; when neither does, the link leads nowhere, inside the torrent's folder.
    private static func target(
        _ target: [ArraySlice<UInt8>], of link: [String], top: [String], _ names: FolderNames
    ) -> [String] {
        let cleaned = SafeName.path(target)
        let fromTop = top + cleaned
        let fromLink = link.dropLast() + cleaned
        return names.contains(fromTop) || !names.contains(Array(fromLink)) ? fromTop : Array(fromLink)
    }

    /// The sum of lengths; nil when it is more than Int64 holds.
    static func total(_ files: [RawFile]) -> UInt64? {
        var total: UInt64 = 0
        for file in files {
            let (sum, overflow) = total.addingReportingOverflow(file.length)
            guard !overflow, sum <= UInt64(Int64.max) else { return nil }
            total = sum
        }
        return total
    }

    /// The files with padding between them, so that each begins a piece as BEP 52 wants it. None at the end.
    static func aligned(_ files: [RawFile], to pieceLength: UInt64) -> [RawFile] {
        guard let last = files.lastIndex(where: { $0.length > 0 }) else { return files }
        var aligned: [RawFile] = []
        for (index, file) in files.enumerated() {
            aligned.append(file)
            let rest = file.length % pieceLength
            if index < last, rest > 0 { aligned.append(.padding(pieceLength - rest)) }
        }
        return aligned
    }
}
