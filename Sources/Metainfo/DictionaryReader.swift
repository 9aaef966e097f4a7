// SPDX-License-Identifier: Apache-2.0

import Bencode

/// A dictionary of a torrent together with its place, so that whatever is wrong in it can be named.
struct DictionaryReader {
    let dictionary: BencodeDictionary
    private let path: String
    private let index: Int?

    /// Takes a value that must be a dictionary; `index` is its number when `path` names a list.
    init(_ value: BencodeValue, at path: String, index: Int? = nil) throws(MetainfoError) {
        self.path = path
        self.index = index
        guard let dictionary = value.dictionary else {
            let place = index.map { "\(path)[\($0)]" } ?? path
            throw MetainfoError(place, .wrongType(wanted: "a dictionary", found: Self.shown(value)))
        }
        self.dictionary = dictionary
    }

    /// The path of `key` here.
    func place(_ key: String) -> String {
        let here = self.index.map { "\(self.path)[\($0)]" } ?? self.path
        return here.isEmpty ? key : here + "." + key
    }

    subscript(key: String) -> BencodeValue? { self.dictionary[key] }

    func integer(_ key: String) throws(MetainfoError) -> Int64? {
        guard let value = self.dictionary[key] else { return nil }
        guard let integer = value.integer else { throw self.wrongType(key, wanted: "an integer", value) }
        return integer
    }

    func bytes(_ key: String) throws(MetainfoError) -> ArraySlice<UInt8>? {
        guard let value = self.dictionary[key] else { return nil }
        guard let bytes = value.bytes else { throw self.wrongType(key, wanted: "a string", value) }
        return bytes
    }

    func list(_ key: String) throws(MetainfoError) -> [BencodeValue]? {
        guard let value = self.dictionary[key] else { return nil }
        guard let list = value.list else { throw self.wrongType(key, wanted: "a list", value) }
        return list
    }

    /// A list of strings that is there and not empty.
    func names(_ key: String) throws(MetainfoError) -> [ArraySlice<UInt8>] {
        guard let list = try self.list(key) else { throw MetainfoError(self.place(key), .missing) }
        guard !list.isEmpty else {
            throw MetainfoError(self.place(key), .unacceptable(found: "an empty list", wanted: "a path has a name"))
        }
        guard list.count <= MetainfoLimits.pathComponents else {
            throw self.tooMany(key, list.count, limit: MetainfoLimits.pathComponents)
        }
        var path: [ArraySlice<UInt8>] = []
        path.reserveCapacity(list.count)
        for (index, element) in list.enumerated() {
            guard let bytes = element.bytes else {
                throw self.wrongType("\(key)[\(index)]", wanted: "a string", element)
            }
            path.append(bytes)
        }
        return path
    }

    func missing(_ key: String) -> MetainfoError { MetainfoError(self.place(key), .missing) }

    func unacceptable(_ key: String, _ found: String, _ wanted: String) -> MetainfoError {
        MetainfoError(self.place(key), .unacceptable(found: found, wanted: wanted))
    }

    func tooMany(_ key: String, _ found: Int, limit: Int) -> MetainfoError {
        MetainfoError(self.place(key), .tooMany(found: UInt64(found), limit: UInt64(limit)))
    }

    func wrongType(_ key: String, wanted: String, _ value: BencodeValue) -> MetainfoError {
        MetainfoError(self.place(key), .wrongType(wanted: wanted, found: Self.shown(value)))
    }

    /// A value as an error shows it: its form, and itself when it is short.
    static func shown(_ value: BencodeValue) -> String {
        switch value.kind {
        case .integer: "the integer \(value.integer ?? 0)"
        case .bytes:
            if let text = value.string, text.utf8.count <= 40, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) {
                "the string \"\(text)\""
            } else {
                "a string of \(value.bytes?.count ?? 0) bytes"
            }
        case .list: "a list"
        case .dictionary: "a dictionary"
        }
    }
}
