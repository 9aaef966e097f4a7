// SPDX-License-Identifier: Apache-2.0

import TrackerWire

/// What a list of the catalogue is narrowed to.
struct CatalogueFilter: Hashable, Sendable {
    /// Most words that are looked for; the rest is ignored.
    static let maximumWords = 8

    /// Lower-case words that must all be in the name.
    var words: [String] = []
    /// The exact name.
    var name: String?
    /// Rows wanted; nil leaves it to the tracker.
    var limit: Int?
    /// Rows to skip.
    var offset = 0

    init(query: Span<UInt8>) throws(CatalogueFault) {
        var position = 0
        while let pair = query.queryPair(at: &position) {
            if query.matches(pair.name, "q") {
                self.words = try Self.text(query, pair, "q").lowercased()
                    .split { $0.isWhitespace }.prefix(Self.maximumWords).map(String.init)
            } else if query.matches(pair.name, "name") {
                self.name = try Self.text(query, pair, "name")
            } else if query.matches(pair.name, "limit") {
                self.limit = try Self.number(query, pair, "limit")
            } else if query.matches(pair.name, "offset") {
                self.offset = try Self.number(query, pair, "offset")
            } else {
                throw .badQuestion("unknown parameter: there are q, name, limit and offset")
            }
        }
    }

    private static func text(
        _ query: Span<UInt8>, _ pair: QueryPair, _ name: String
    ) throws(CatalogueFault) -> String {
        guard let text = query.formText(pair.value) else {
            throw .badQuestion("\(name): % must be followed by two hexadecimal digits")
        }
        return text
    }

    private static func number(
        _ query: Span<UInt8>, _ pair: QueryPair, _ name: String
    ) throws(CatalogueFault) -> Int {
        guard let number = query.number(pair.value), let value = Int32(exactly: number) else {
            throw .badQuestion("\(name) must be a number from 0 to \(Int32.max)")
        }
        return Int(value)
    }
}
