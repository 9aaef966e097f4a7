// SPDX-License-Identifier: Apache-2.0

/// A file as the torrent states it, names not yet made safe.
struct RawFile {
    /// What the names of pad files begin with in v1 torrents of clients that knew no `attr` yet.
    static let oldPadding = Array("_____padding_file_".utf8)

    /// Names from the torrent's folder down; of a single-file torrent its name.
    var path: [ArraySlice<UInt8>]
    var length: UInt64
    var attributes: FileAttributes
    /// Names from the torrent's folder down.
    var symlinkTarget: [ArraySlice<UInt8>]?
    var piecesRoot: [UInt8]?

    /// Zeros up to a piece boundary.
    static func padding(_ length: UInt64) -> RawFile {
        RawFile(path: [Array(".pad".utf8)[...], Array(String(length).utf8)[...]], length: length, attributes: .padding)
    }

    init(
        path: [ArraySlice<UInt8>], length: UInt64, attributes: FileAttributes,
        symlinkTarget: [ArraySlice<UInt8>]? = nil, piecesRoot: [UInt8]? = nil
    ) {
        self.path = path
        self.length = length
        self.attributes = attributes
        self.symlinkTarget = symlinkTarget
        self.piecesRoot = piecesRoot
    }

    /// Reads what v1 and v2 entries have in common: length, attributes, link target. A link has no bytes, whatever
    /// length it states; a link without a target is refused.
    init(_ entry: DictionaryReader, path: [ArraySlice<UInt8>]) throws(MetainfoError) {
        let attributes = FileAttributes(letters: try entry.bytes("attr") ?? [])
        let isLink = attributes.contains(.symlink)
        self.init(
            path: path, length: isLink ? 0 : try Self.length(entry), attributes: attributes,
            symlinkTarget: isLink ? try entry.names("symlink path") : nil)
    }

    static func length(_ entry: DictionaryReader) throws(MetainfoError) -> UInt64 {
        guard let length = try entry.integer("length") else { throw entry.missing("length") }
        guard length >= 0 else { throw entry.unacceptable("length", "\(length)", "no file is shorter than nothing") }
        return UInt64(length)
    }
}
