// SPDX-License-Identifier: Apache-2.0

/// The files of a torrent to be made, checked and in canonical order: as the v2 file tree, a dictionary of dictionaries,
/// has them.
struct PayloadPlan {
    let files: [RawFile]

    init(name: String, files: [MetainfoBuilder.File], isSingleFile: Bool) throws(MetainfoError) {
        let raw = files.map { file in
            RawFile(
                path: file.path.map { Array($0.utf8)[...] }, length: file.symlinkTarget == nil ? file.length : 0,
                attributes: file.attributes.subtracting([.padding, .symlink])
                    .union(file.symlinkTarget == nil ? [] : .symlink),
                symlinkTarget: file.symlinkTarget.map { $0.map { Array($0.utf8)[...] } })
        }
        self.files = raw.sorted { left, right in
            left.path.lexicographicallyPrecedes(right.path) { $0.lexicographicallyPrecedes($1) }
        }
        var names = FolderNames()
        for file in self.files {
            let path = file.path.map { String(decoding: $0, as: UTF8.self) }
            guard names.place(path) == path else {
                throw Self.error(
                    path, "twice in the list, or a file and a folder at once", "every file needs its own path")
            }
        }
    }

    /// Checks the names: they must be what every reader makes of them.
    static func check(name: String, files: [MetainfoBuilder.File], isSingleFile: Bool) throws(MetainfoError) {
        guard SafeName.isSafe(name) else { throw Self.unsafe([name], name) }
        guard files.count <= MetainfoLimits.files else {
            throw MetainfoError(
                "files", .tooMany(found: UInt64(files.count), limit: UInt64(MetainfoLimits.files)))
        }
        if isSingleFile, files.count != 1 || files[0].path != [name] || files[0].symlinkTarget != nil {
            throw MetainfoError(
                "files",
                .unacceptable(found: "not one file called \"\(name)\"", wanted: "a single-file torrent is just that"))
        }
        for file in files {
            guard !file.path.isEmpty, file.path.count <= MetainfoLimits.pathComponents else {
                throw Self.error(file.path, "\(file.path.count) names deep", "a path has 1 to 128")
            }
            for component in file.path where !SafeName.isSafe(component) { throw Self.unsafe(file.path, component) }
            guard file.path.last?.utf8.starts(with: RawFile.oldPadding) != true else {
                throw Self.error(file.path, "named as pad files are", "readers would leave it out; rename it")
            }
            guard let target = file.symlinkTarget else { continue }
            guard !target.isEmpty else {
                throw Self.error(file.path, "a link to the shared folder itself", "torrents cannot say that")
            }
            for component in target where !SafeName.isSafe(component) { throw Self.unsafe(file.path, component) }
        }
    }

    private static func unsafe(_ path: [String], _ name: String) -> MetainfoError {
        Self.error(
            path, "named \"\(SafeName.shown(Array(name.utf8)[...]))\"",
            "a name in a torrent is UTF-8 of 1 to 255 bytes without control characters, and not . or ..")
    }

    private static func error(_ path: [String], _ found: String, _ wanted: String) -> MetainfoError {
        let shown = path.map { SafeName.shown(Array($0.utf8)[...]) }.joined(separator: "/")
        return MetainfoError(shown, .unacceptable(found: found, wanted: wanted))
    }
}
