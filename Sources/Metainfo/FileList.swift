// SPDX-License-Identifier: Apache-2.0

import Bencode

/// The file list of a v1 info dictionary (BEP 3): `files`, or `length` alone for a single file.
///
/// Policy: `path.utf-8` counts before `path` when it is well-formed. A path of nothing but empty names is refused, except
/// when the torrent has no other file.
enum FileList {
    static func read(
        _ info: DictionaryReader, name: ArraySlice<UInt8>
    ) throws(MetainfoError) -> (files: [RawFile], isSingleFile: Bool) {
        guard let list = try info.list("files") else {
            guard info["length"] != nil else {
                throw MetainfoError("info.length", .missing)
            }
            return ([try RawFile(info, path: [name])], true)
        }
        guard !list.isEmpty else {
            throw info.unacceptable("files", "an empty list", "a torrent has at least one file")
        }
        guard list.count <= MetainfoLimits.files else {
            throw info.tooMany("files", list.count, limit: MetainfoLimits.files)
        }
        var files: [RawFile] = []
        files.reserveCapacity(list.count)
        for (index, value) in list.enumerated() {
            let entry = try DictionaryReader(value, at: "info.files", index: index)
            let path = try self.path(entry)
            guard list.count == 1 || !path.allSatisfy(\.isEmpty) else {
                throw entry.unacceptable("path", "nothing but empty names", "a path names a file")
            }
            var file = try RawFile(entry, path: path)
            if let last = path.last, last.starts(with: RawFile.oldPadding) { file.attributes.insert(.padding) }
            files.append(file)
        }
        return (files, false)
    }

    private static func path(_ entry: DictionaryReader) throws(MetainfoError) -> [ArraySlice<UInt8>] {
        if entry["path.utf-8"] != nil, let path = try? entry.names("path.utf-8"),
            path.allSatisfy({ String(validating: $0, as: UTF8.self) != nil })
        {
            return path
        }
        return try entry.names("path")
    }
}
