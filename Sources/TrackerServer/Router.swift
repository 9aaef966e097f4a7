// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SwarmModel
import Synchronization
import TrackerCore
import TrackerWire

/// Finds out what a request asks for, and holds what answers need on one event loop.
final class Router {
    /// How a request is answered.
    enum Answer {
        case reply(HTTPReply)
        case catalogue(CatalogueQuestion)
    }

    /// Most bytes of an answer about pieces.
    private static let pieceAnswerLimit = 64 << 10

    let counters: ServerCounters
    /// The loop's connections that may have fallen silent.
    let idle: IdleConnections
    private let announces: AnnounceService
    private let metrics: MetricsPage
    private let catalogue: Catalogue?
    private let pieces: PieceService
    private let piecePages: PiecePages
    private let shards: SwarmShards
    private let limits: LiveLimits

    init(
        announces: AnnounceService, counters: ServerCounters, metrics: MetricsPage, catalogue: Catalogue?,
        shards: SwarmShards, limits: LiveLimits, idle: IdleConnections
    ) {
        self.idle = idle
        self.announces = announces
        self.counters = counters
        self.metrics = metrics
        self.catalogue = catalogue
        self.pieces = PieceService(shards: shards)
        self.piecePages = PiecePages(shards: shards)
        self.shards = shards
        self.limits = limits
    }

    /// Answers a request whose body, if any, is at hand.
    func answer(_ head: HTTPRequestHead, body: [UInt8], from address: IPAddress, at now: NIODeadline) -> Answer {
        let uri = head.uri.utf8.span
        let parts = TrackerTarget(uri)
        let path = uri.extracting(0..<parts.pathLength)
        if head.method == .GET || head.method == .HEAD {
            if let reply = self.answer(uri, parts, from: address, at: now) { return .reply(reply) }
        } else if parts.kind != .other, !path.begins("/v1/") {
            return .reply(self.onlyGet)
        }
        if path.equals("/health") { return self.get(head) { HTTPReply(.ok, .text, self.metrics.health) } }
        if path.equals("/metrics") { return self.get(head) { HTTPReply(.ok, .metrics, self.metrics.text) } }
        if path.equals("/v1/pieces") { return .reply(self.pieceAnswer(head, body, from: address, at: Instant(now))) }
        if path.begins(PiecePages.prefix) {
            return self.get(head) {
                self.piecePages.answer(
                    head.uri.prefix { $0 != "?" }, query: uri.extracting(parts.query), rules: self.limits.rules,
                    passkey: parts.passkey(in: uri))
            }
        }
        if path.equals("/") { return self.overview(head, uri, parts, from: address) }
        if path.begins("/v1/catalogue") { return self.catalogueAnswer(head) }
        self.counters.badRequests.count()
        return .reply(HTTPReply(.notFound, .text, "nothing is here: try /announce, /scrape, /health, /metrics or /\n"))
    }

    /// Answers an announce or scrape, `target` being its path and query; nil for all else.
    func answer(
        _ target: Span<UInt8>, _ parts: TrackerTarget, from address: IPAddress, at now: NIODeadline
    ) -> HTTPReply? {
        // Without passkeys a path has none; what looks like one asks for something that is not there.
        guard !parts.hasPathKey || self.limits.rules.passkeys != nil else { return nil }
        switch parts.kind {
        case .announce:
            return HTTPReply(
                .ok, .text, self.announces.announce(target, parts, from: address, at: Instant(now)))
        case .scrape: return HTTPReply(.ok, .text, self.announces.scrape(target, parts))
        case .other: return nil
        }
    }

    /// What a request is answered with before its body is read; nil takes the body.
    func refusalBeforeBody(_ head: HTTPRequestHead) -> HTTPReply? {
        guard head.method != .GET, head.method != .HEAD else { return nil }
        guard head.uri.hasPrefix("/v1/catalogue") || Self.isAboutPieces(head) else { return self.onlyGet }
        guard self.catalogue != nil || Self.isAboutPieces(head) else {
            return .error(.notFound, "this tracker keeps no catalogue")
        }
        guard let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
            length > self.bodyLimit(head)
        else { return nil }
        return self.tooLarge(head)
    }

    /// Counts a piece of a body in; a reply refuses it.
    func admit(chunk: Int, bodyCount: Int, of head: HTTPRequestHead) -> HTTPReply? {
        guard bodyCount <= self.bodyLimit(head) else { return self.tooLarge(head) }
        let receiving = self.counters.receiving.add(chunk, ordering: .relaxed).newValue
        guard receiving > self.limits.catalogue.receivingBytes else { return nil }
        self.release(chunk)
        return .error(.unavailable, "the tracker is receiving too much at a time; try again in a moment")
    }

    /// Counts the bytes of a body out.
    func release(_ count: Int) {
        self.counters.receiving.subtract(count, ordering: .relaxed)
    }

    /// Puts a question to the catalogue, which has a thread of its own.
    func ask(
        _ question: CatalogueQuestion, body: [UInt8], isLoopback: Bool, on eventLoop: any EventLoop
    ) -> EventLoopFuture<HTTPReply> {
        guard let catalogue = self.catalogue else {
            return eventLoop.makeSucceededFuture(.error(.notFound, "this tracker keeps no catalogue"))
        }
        let counters = self.counters
        let waiting = counters.pending.add(1, ordering: .relaxed).newValue
        guard waiting <= self.limits.catalogue.pending else {
            counters.pending.subtract(1, ordering: .relaxed)
            return eventLoop.makeSucceededFuture(.error(.unavailable, "the catalogue is busy; try again in a moment"))
        }
        return catalogue.ask(question, body: body, isLoopback: isLoopback, on: eventLoop).always { _ in
            counters.pending.subtract(1, ordering: .relaxed)
        }
    }

    private var onlyGet: HTTPReply {
        self.counters.badRequests.count()
        return HTTPReply(.methodNotAllowed, .text, "only GET is answered here\n")
    }

    private static func isAboutPieces(_ head: HTTPRequestHead) -> Bool { head.uri == "/v1/pieces" }

    private func bodyLimit(_ head: HTTPRequestHead) -> Int {
        Self.isAboutPieces(head) ? PieceService.longestRequest : self.limits.catalogue.metainfoBytes
    }

    private func tooLarge(_ head: HTTPRequestHead) -> HTTPReply {
        let what = Self.isAboutPieces(head) ? "a request about pieces" : "a torrent file"
        return .error(.tooLarge, "\(what) may have \(self.bodyLimit(head)) bytes here")
    }

    /// The body is a datagram without its connection id: that somebody answers at the address is sure already.
    private func pieceAnswer(
        _ head: HTTPRequestHead, _ body: [UInt8], from address: IPAddress, at now: Instant
    ) -> HTTPReply {
        guard head.method == .POST else { return .error(.methodNotAllowed, "requests about pieces are posted") }
        self.counters.pieceRequests.count()
        let bytes = body.span
        var isAnswered = false
        var answer: [UInt8] = []
        if bytes.count >= 8, let action = PieceAction(rawValue: bytes.number32(at: 0)) {
            answer = DatagramWriter.bytes(upTo: Self.pieceAnswerLimit) { writer in
                isAnswered = self.pieces.answer(
                    action, transaction: bytes.number32(at: 4), bytes.extracting(8..<bytes.count), from: address,
                    at: now, limit: Self.pieceAnswerLimit, into: &writer)
            }
        }
        guard isAnswered else {
            self.counters.badRequests.count()
            return .error(.badRequest, "this is not a request about pieces")
        }
        return HTTPReply(.ok, .binary, answer)
    }

    private func get(_ head: HTTPRequestHead, _ body: () -> HTTPReply) -> Answer {
        head.method == .GET || head.method == .HEAD ? .reply(body()) : .reply(self.onlyGet)
    }

    /// The page of torrents, which tells what everybody here takes part in.
    private func overview(
        _ head: HTTPRequestHead, _ uri: Span<UInt8>, _ parts: TrackerTarget, from address: IPAddress
    ) -> Answer {
        guard head.method == .GET || head.method == .HEAD else { return .reply(self.onlyGet) }
        guard address.isNeighbour || self.limits.current.publishesOverview else {
            return .reply(HTTPReply(.forbidden, .text, "the list of torrents is not public here\n"))
        }
        let passkey = parts.passkey(in: uri)
        let rules = self.limits.rules
        if let no = rules.rejection(passkey: passkey) {
            return .reply(HTTPReply(.forbidden, .text, "\(no)\n"))
        }
        let number = uri.extracting(parts.query).parameter("page") ?? 1
        let page = OverviewPage(
            Int(clamping: number), of: self.shards, passkey: rules.passkeys == nil ? nil : passkey)
        return self.catalogue == nil ? .reply(page.reply(names: [:])) : .catalogue(.overview(page))
    }

    private func catalogueAnswer(_ head: HTTPRequestHead) -> Answer {
        self.counters.catalogueRequests.count()
        guard self.catalogue != nil else { return .reply(.error(.notFound, "this tracker keeps no catalogue")) }
        do throws(CatalogueFault) {
            return .catalogue(try CatalogueQuestion(head))
        } catch {
            return .reply(error.reply)
        }
    }
}

extension Span<UInt8> {
    func equals(_ text: StaticString) -> Bool {
        self.count == text.utf8CodeUnitCount && self.begins(text)
    }

    func begins(_ text: StaticString) -> Bool {
        guard self.count >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for offset in expected.indices where self[offset] != expected[offset] { return false }
            return true
        }
    }
}
