// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SwarmModel

/// What a request under `/v1/catalogue` wants.
enum CatalogueQuestion: Hashable, Sendable {
    /// Take the torrent file in the body; the token, if any, is one that the sharer chose.
    case register(token: String?)
    case list(CatalogueFilter)
    case entry(CatalogueKey)
    case metainfo(CatalogueKey)
    case remove(CatalogueKey, token: String?)
    /// Not under `/v1/catalogue`: the page of torrents wants the names of those that are in the catalogue.
    case overview(OverviewPage)

    init(_ head: HTTPRequestHead) throws(CatalogueFault) {
        let mark = head.uri.firstIndex(of: "?") ?? head.uri.endIndex
        let path = head.uri[..<mark]
        let parts = path.split(separator: "/").dropFirst(2)
        guard parts.count <= 2, path == "/v1/catalogue" || path.hasPrefix("/v1/catalogue/") else {
            throw .notFound("nothing is here: try /v1/catalogue")
        }
        guard let hash = parts.first else {
            self = try Self.whole(head, query: head.uri[mark...].dropFirst())
            return
        }
        guard let key = CatalogueKey(hash) else {
            throw .badQuestion("'\(hash.prefix(80))' is not an info-hash: 40 or 64 hexadecimal digits")
        }
        self = try Self.one(head, key, part: parts.dropFirst().first)
    }

    private static func whole(_ head: HTTPRequestHead, query: Substring) throws(CatalogueFault) -> CatalogueQuestion {
        switch head.method {
        case .POST: return .register(token: try Self.token(head))
        case .GET, .HEAD:
            let text = String(query)
            return .list(try CatalogueFilter(query: text.utf8.span))
        default: throw .methodNotAllowed
        }
    }

    private static func one(
        _ head: HTTPRequestHead, _ key: CatalogueKey, part: Substring?
    ) throws(CatalogueFault) -> CatalogueQuestion {
        switch (head.method, part) {
        case (.GET, nil), (.HEAD, nil): return .entry(key)
        case (.GET, "metainfo"), (.HEAD, "metainfo"): return .metainfo(key)
        case (.DELETE, nil): return .remove(key, token: try Self.token(head))
        case (_, nil), (_, "metainfo"): throw .methodNotAllowed
        default: throw .notFound("nothing is here: a torrent has /metainfo and no other part")
        }
    }

    private static func token(_ head: HTTPRequestHead) throws(CatalogueFault) -> String? {
        guard let field = head.headers.first(name: "authorization") else { return nil }
        let words = field.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer", (16...128).contains(words[1].utf8.count) else {
            throw .badQuestion("the Authorization header must be \"Bearer TOKEN\", a token of 16 to 128 characters")
        }
        return String(words[1])
    }
}
