// SPDX-License-Identifier: Apache-2.0

/// The stable error codes of the control protocol. Numbers and names never change their meaning; clients may rely on
/// both. The first five are those of JSON-RPC 2.0.
package enum ControlErrorCode: Int, CaseIterable, Sendable {
    /// The line is not JSON.
    case parse = -32_700
    /// The JSON is not a JSON-RPC 2.0 request.
    case invalidRequest = -32_600
    /// No method has this name.
    case methodNotFound = -32_601
    /// The parameters do not fit the method.
    case invalidParams = -32_602
    /// The daemon failed in a way that it does not understand.
    case internalError = -32_603
    /// No torrent, job, plugin, file, key or catalogue entry answers to this name.
    case notFound = -32_001
    /// Several do; `data.candidates` lists them.
    case ambiguous = -32_002
    /// The daemon understood and declines; the message says why.
    case refused = -32_003
    /// It is there already.
    case exists = -32_004
    /// A disk or file-system operation failed.
    case storage = -32_005
    /// The caller may not do this.
    case permission = -32_006
    /// Somebody else (a tracker, a disk) did not answer in time.
    case timeout = -32_007
    /// The metainfo or magnet link is malformed.
    case malformedTorrent = -32_008
    /// A tracker or web server answered with an error, or with garbage.
    case remote = -32_009
    /// The daemon is starting, stopping, or has too much to do; try again.
    case busy = -32_010
    /// The operation was cancelled.
    case cancelled = -32_011
    /// The daemon cannot be reached: never sent by a daemon, but printed by clients that answer in JSON.
    case unreachable = -32_012
    /// The cursor points to events that are no longer kept, or to those of another daemon.
    case expired = -32_013

    /// The name that stands under `data.name` on the wire.
    package var name: String {
        switch self {
        case .parse: "parse_error"
        case .invalidRequest: "invalid_request"
        case .methodNotFound: "method_not_found"
        case .invalidParams: "invalid_params"
        case .internalError: "internal_error"
        case .notFound: "not_found"
        case .ambiguous: "ambiguous"
        case .refused: "refused"
        case .exists: "exists"
        case .storage: "storage"
        case .permission: "permission"
        case .timeout: "timeout"
        case .malformedTorrent: "malformed_torrent"
        case .remote: "remote"
        case .busy: "busy"
        case .cancelled: "cancelled"
        case .unreachable: "unreachable"
        case .expired: "expired"
        }
    }
}
