// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import SwarmModel

extension HTTPFetchError {
    /// What a client's error means for `exchange`.
    init(_ error: any Error, of exchange: HTTPExchange) {
        switch error {
        case is CancellationError: self = .cancelled
        case is NIOTooManyBytesError: self = .tooLarge(exchange.limit)
        case let error as HTTPClientError: self = Self.client(error, of: exchange)
        case let error as NIOConnectionError: self = .unreachable(Self.reason(error))
        case let error as IOError:
            let host = TrackerURL(exchange.url)?.authority ?? exchange.url
            self = .unreachable("\(host) cannot be reached: \(Self.reason(error))")
        default: self = .unreachable("the connection failed: \(String(describing: error).prefix(200))")
        }
    }

    /// What it means that the name of `host` could not be looked up.
    init(lookingUp host: String, _ error: any Error) {
        switch error {
        case is CancellationError: self = .cancelled
        case TrackerError.unreachable(let why): self = .unreachable("\(host) has no address: \(why)")
        default: self = .unreachable("\(host) has no address: \(String(describing: error).prefix(200))")
        }
    }

    private static func client(_ error: HTTPClientError, of exchange: HTTPExchange) -> HTTPFetchError {
        switch error {
        case .cancelled, .alreadyShutdown: .cancelled
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout:
            .timedOut(exchange.timeout.inSeconds)
        case .redirectLimitReached, .redirectCycleDetected: .tooManyRedirects
        case .invalidURL, .emptyHost, .emptyScheme:
            .badURL("not a URL that can be fetched: \(exchange.url.prefix(200))")
        case .remoteConnectionClosed: .unreachable("the server closed the connection without an answer")
        default: .unreachable("the exchange failed: \(error.shortDescription)")
        }
    }

    /// One address that refuses says more than another that has no name.
    private static func reason(_ error: NIOConnectionError) -> String {
        let host = "\(error.host):\(error.port)"
        if let failure = error.connectionErrors.first(where: { !Self.isWrongFamily($0.error) }) {
            let cause = (failure.error as? IOError).map(Self.reason) ?? Self.words(failure.error)
            return "\(host) cannot be reached: \(cause)"
        }
        if let failure = error.dnsAError ?? error.dnsAAAAError, error.connectionErrors.isEmpty {
            return "\(error.host) has no address: \(Self.words(failure))"
        }
        return "\(host) cannot be reached from any address of ours"
    }

    /// A socket of one family bound to an address of the other.
    private static func isWrongFamily(_ error: any Error) -> Bool {
        guard let error = error as? IOError else { return false }
        return error.errnoCode == EINVAL || error.errnoCode == EAFNOSUPPORT
    }

    private static func reason(_ error: IOError) -> String {
        strerror(error.errnoCode).map { String(cString: $0) } ?? "error \(error.errnoCode)"
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout: "no connection in time"
        case SocketAddressError.unknown: "the name is not known"
        default: String(String(describing: error).prefix(200))
        }
    }
}
