// SPDX-License-Identifier: Apache-2.0

/// The files of an info dictionary in payload order, from its v1 list, its v2 tree, or both when they agree.
///
/// The payload of a v2 torrent is laid out as that of the hybrid it could be: where a file does not end with a piece,
/// padding follows, which is never on the wire.
struct RawFiles {
    let files: [RawFile]
    let isSingleFile: Bool

    init(
        _ info: DictionaryReader, name: ArraySlice<UInt8>, pieceLength: UInt64, isV1: Bool, isV2: Bool
    ) throws(MetainfoError) {
        guard isV2 else {
            (self.files, self.isSingleFile) = try FileList.read(info, name: name)
            return
        }
        let tree = try FileTree(info)
        self.isSingleFile = tree.isSingleFile(name: name)
        guard isV1 else {
            self.files = FileLayout.aligned(tree.files, to: pieceLength)
            return
        }
        var list = try FileList.read(info, name: name)
        guard list.isSingleFile == self.isSingleFile else {
            throw Self.disagree("one has a single file, the other a folder")
        }
        try Self.match(&list.files, tree.files, pieceLength: pieceLength)
        self.files = list.files
    }

    /// Checks that the list, padding aside, is the tree in the same order and that every file begins a piece; gives the
    /// list the tree's roots.
    private static func match(
        _ list: inout [RawFile], _ tree: [RawFile], pieceLength: UInt64
    ) throws(MetainfoError) {
        var next = 0
        var offset: UInt64 = 0
        for index in list.indices {
            let file = list[index]
            let start = offset
            // A sum beyond 64 bits is refused later; here it only must not trap.
            offset = offset &+ file.length
            if file.attributes.contains(.padding) { continue }
            guard next < tree.count else { throw self.disagree("the v1 list has more files") }
            let twin = tree[next]
            next += 1
            guard file.path == twin.path else {
                throw self.disagree(
                    "file \(index) is \(self.shown(file)) in the one, \(self.shown(twin)) in the other")
            }
            guard file.length == twin.length, file.symlinkTarget == twin.symlinkTarget else {
                throw self.disagree("\(self.shown(file)) has another length or link target in each")
            }
            guard file.length == 0 || start.isMultiple(of: pieceLength) else {
                throw MetainfoError(
                    "info.files[\(index)]",
                    .unacceptable(
                        found: "at offset \(start)", wanted: "in a hybrid torrent each file begins a piece (BEP 52)"))
            }
            list[index].piecesRoot = twin.piecesRoot
        }
        guard next == tree.count else { throw self.disagree("the v2 tree has more files") }
    }

    private static func shown(_ file: RawFile) -> String {
        "\"" + file.path.map { SafeName.shown($0) }.joined(separator: "/") + "\""
    }

    private static func disagree(_ how: String) -> MetainfoError {
        MetainfoError(
            "info", .unacceptable(found: "in disagreement with itself", wanted: "its v1 and v2 files differ: \(how)"))
    }
}
