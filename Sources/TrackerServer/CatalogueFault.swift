// SPDX-License-Identifier: Apache-2.0

/// Why the catalogue does not do what it is asked. The text goes to the client in a JSON object.
enum CatalogueFault: Error, Hashable, Sendable {
    case notFound(String)
    case badQuestion(String)
    case notTorrent(String)
    case methodNotAllowed
    case forbidden
    case full(String)
    case storage

    var reply: HTTPReply {
        switch self {
        case .notFound(let what): .error(.notFound, what)
        case .badQuestion(let why): .error(.badRequest, why)
        case .notTorrent(let why): .error(.badRequest, "not a usable torrent file: \(why)")
        case .methodNotAllowed: .error(.methodNotAllowed, "this method means nothing here")
        case .forbidden:
            .error(
                .forbidden, "only who shared it, with \"Authorization: Bearer TOKEN\", or this machine may remove it")
        case .full(let limit): .error(.full, "the catalogue is full: \(limit)")
        case .storage: .error(.internalError, "the catalogue cannot reach its disk; the tracker's log says why")
        }
    }
}
