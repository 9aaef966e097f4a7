// SPDX-License-Identifier: Apache-2.0

import Bencode

/// The file tree of a v2 info dictionary (BEP 52): folders are dictionaries, a file is a dictionary whose one key is
/// empty. Depth is bounded by the bencode reader.
struct FileTree {
    private(set) var files: [RawFile] = []

    /// Whether the tree is one file with the torrent's name, which then has no folder.
    func isSingleFile(name: ArraySlice<UInt8>) -> Bool {
        self.files.count == 1 && self.files[0].path.count == 1 && self.files[0].path[0] == name
    }

    init(_ info: DictionaryReader) throws(MetainfoError) {
        guard let value = info["file tree"] else { throw info.missing("file tree") }
        let root = try DictionaryReader(value, at: "info.file tree")
        try self.walk(root.dictionary, path: [])
        guard !self.files.isEmpty else {
            throw info.unacceptable("file tree", "a tree without files", "a torrent has at least one file")
        }
    }

    private mutating func walk(_ folder: BencodeDictionary, path: [ArraySlice<UInt8>]) throws(MetainfoError) {
        for (key, value) in folder {
            let childPath = path + [key]
            guard !key.isEmpty else {
                throw MetainfoError(
                    Self.place(path), .unacceptable(found: "a file and a folder at once", wanted: "choose one"))
            }
            guard let child = value.dictionary else {
                throw MetainfoError(
                    Self.place(childPath), .wrongType(wanted: "a dictionary", found: DictionaryReader.shown(value)))
            }
            var entries = child.makeIterator()
            if let first = entries.next(), first.key.isEmpty, entries.next() == nil {
                try self.add(try DictionaryReader(first.value, at: Self.place(childPath)), path: childPath)
            } else {
                try self.walk(child, path: childPath)
            }
        }
    }

    private mutating func add(_ entry: DictionaryReader, path: [ArraySlice<UInt8>]) throws(MetainfoError) {
        guard self.files.count < MetainfoLimits.files else {
            throw MetainfoError(
                "info.file tree",
                .tooMany(found: UInt64(self.files.count) + 1, limit: UInt64(MetainfoLimits.files)))
        }
        var file = try RawFile(entry, path: path)
        guard !file.attributes.contains(.padding) else {
            throw entry.unacceptable("attr", "that of a pad file", "a v2 file tree has none (BEP 52)")
        }
        if file.length > 0 {
            guard let root = try entry.bytes("pieces root") else { throw entry.missing("pieces root") }
            guard root.count == MerkleTree.hashLength, root.contains(where: { $0 != 0 }) else {
                throw entry.unacceptable(
                    "pieces root", root.count == MerkleTree.hashLength ? "all zero" : "\(root.count) bytes long",
                    "a root is a SHA-256")
            }
            file.piecesRoot = Array(root)
        }
        self.files.append(file)
    }

    private static func place(_ path: [ArraySlice<UInt8>]) -> String {
        path.reduce("info.file tree") { $0 + "/" + SafeName.shown($1) }
    }
}
