// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import TrackerWire

/// Announces to HTTP, HTTPS and UDP trackers, once for each address family that we listen on: a tracker knows a dual-stack
/// peer only by the addresses that it comes from.
package struct TrackerClient: Sendable {
    /// Bytes of an answer that are read, inflated.
    package static let answerLimit = 2 << 20

    private let fetcher: HTTPFetcher
    private let datagrams: DatagramTrackerClient
    private let sources: [AnnounceSource]
    let owners: TrackerOwners
    private let onClusters: @Sendable ([String: [String]]) async -> Void

    /// Announces from `sources`; `AnnounceSource.sources(listening:)` makes them. `clusters` is which trackers belong
    /// together, by announce URL, as `onClusters` was told of it when it last changed.
    package init(
        fetcher: HTTPFetcher, sources: [AnnounceSource], clusters: [String: [String]] = [:],
        onClusters: @escaping @Sendable ([String: [String]]) async -> Void = { _ in }
    ) {
        self.owners = TrackerOwners(clusters)
        self.onClusters = onClusters
        self.fetcher = fetcher
        self.datagrams = DatagramTrackerClient(group: fetcher.group, book: fetcher.book)
        self.sources = sources
    }

    /// Announces to `url` from every source at the same time; the port in `request` is replaced by the source's.
    /// `onAnswer` sees each answer as it comes. Returns all of them in one: the union of the peers, the shortest wait.
    /// Throws when no source was answered, with the most telling error.
    ///
    /// Where the tracker is one of several, the one that looks after the torrent is asked, and others when it is not there.
    package func announce(
        _ request: AnnounceRequest, to url: String, timeout: Interval,
        onAnswer: @Sendable (AnnounceResponse) -> Void = { _ in }
    ) async throws(TrackerError) -> AnnounceResponse {
        var failure: TrackerError?
        for _ in 0..<self.owners.count(of: request.infoHash, at: url) {
            let target = self.owners.target(of: request.infoHash, at: url)
            do throws(TrackerError) {
                let answer = try await self.announceOnce(request, to: target, timeout: timeout, onAnswer)
                let served = try await self.follow(answer, from: target, request, url, timeout, onAnswer)
                if request.offersReports { await self.askNodes(request, of: url) }
                if let clusters = self.owners.takeNews() { await self.onClusters(clusters) }
                return served
            } catch {
                guard error.isSilence else { throw error }
                failure = failure ?? error
                self.owners.advance(request.infoHash, at: url)
            }
        }
        throw failure ?? .cancelled
    }

    /// Announces to one tracker, whatever it says of others.
    func announceOnce(
        _ request: AnnounceRequest, to url: String, timeout: Interval,
        _ onAnswer: @Sendable (AnnounceResponse) -> Void
    ) async throws(TrackerError) -> AnnounceResponse {
        guard let parts = TrackerURL(url) else { throw .unsupported("not an announce URL: \(url.prefix(200))") }
        let sources = try self.sources(for: parts)
        let results = await withTaskGroup(of: Result<AnnounceResponse, TrackerError>.self) { group in
            for source in sources {
                group.addTask { await self.attempt(request, url, parts, source, timeout) }
            }
            var results: [Result<AnnounceResponse, TrackerError>] = []
            for await result in group {
                if case .success(let response) = result { onAnswer(response) }
                results.append(result)
            }
            return results
        }
        return try Self.merged(results)
    }

    /// The sources whose family the tracker can have.
    private func sources(for parts: TrackerURL) throws(TrackerError) -> [AnnounceSource] {
        guard ["http", "https", "udp"].contains(parts.scheme) else {
            throw .unsupported("\(parts.scheme) trackers are not supported, only http, https and udp")
        }
        guard let address = parts.address else { return self.sources }
        let fitting = self.sources.filter { ($0.address?.isV6 ?? address.isV6) == address.isV6 }
        guard !fitting.isEmpty else {
            throw .unsupported("the tracker has an \(address.isV6 ? "IPv6" : "IPv4") address, and peer.listen has none")
        }
        return fitting
    }

    /// From where reports go to a tracker: one source only, for a peer that is known by two addresses is one. After
    /// `failures` another is tried.
    func pieceSource(for url: String, failures: Int) -> AnnounceSource? {
        guard let parts = TrackerURL(url), let sources = try? self.sources(for: parts), !sources.isEmpty else {
            return nil
        }
        return sources[failures % sources.count]
    }

    /// Sends a report or asks about pieces of a torrent: the tracker of a cluster that looks after it. The answer is `moved`
    /// where that one is not there, or they do not agree yet on who it is: they keep maps, and one will answer soon.
    func ask(
        pieces message: @escaping PieceMessage, about infoHash: InfoHash, of url: String, from source: AnnounceSource,
        timeout: Interval
    ) async throws(TrackerError) -> PieceAnswer {
        // Trackers that do not agree yet may send us around once.
        var moved: PieceAnswer?
        for _ in 0..<2 {
            let target = self.owners.target(of: infoHash, at: url)
            do throws(TrackerError) {
                let answer = try await self.askOnce(pieces: message, of: target, from: source, timeout: timeout)
                guard case .moved(let trackers) = answer else { return answer }
                self.owners.learn(trackers, current: trackers.first, of: infoHash, at: url)
                moved = answer
            } catch {
                guard error.isSilence else { throw error }
                self.owners.advance(infoHash, at: url)
                guard moved != nil else { throw error }
            }
        }
        return moved ?? .moved([])
    }

    func askOnce(
        pieces message: @escaping PieceMessage, of url: String, from source: AnnounceSource, timeout: Interval
    ) async throws(TrackerError) -> PieceAnswer {
        guard let parts = TrackerURL(url) else { throw .unsupported("not an announce URL: \(url.prefix(200))") }
        if parts.scheme == "udp" {
            return try await self.datagrams.ask(pieces: message, to: parts, source: source.address, timeout: timeout)
                .get()
        }
        guard let base = parts.httpBase else { throw .unsupported("not an announce URL: \(url.prefix(200))") }
        let exchange = HTTPExchange(
            url: base + "/v1/pieces", body: Array(message(0, 1).dropFirst(8)), source: source.address,
            limit: Self.answerLimit, timeout: timeout)
        let answer: HTTPAnswer
        do throws(HTTPFetchError) {
            answer = try await self.fetcher.fetch(exchange)
        } catch {
            throw .unreachable(error.description)
        }
        guard answer.status == 200 else { throw .status(answer.status, excerpt: answer.words, retryAfter: nil) }
        // Over which family it went is the system's choice where the source leaves it open.
        let isV6 = source.address?.isV6 ?? parts.address?.isV6 ?? false
        guard let reply = PieceAnswer(datagram: answer.body.span, isV6: isV6) else {
            throw .garbage("the tracker's answer is not one about pieces", excerpt: answer.excerpt)
        }
        return reply
    }

    private func attempt(
        _ request: AnnounceRequest, _ url: String, _ parts: TrackerURL, _ source: AnnounceSource, _ timeout: Interval
    ) async -> Result<AnnounceResponse, TrackerError> {
        var request = request
        request.port = source.port
        if parts.scheme == "udp" {
            return await self.datagrams.announce(request, to: parts, source: source.address, timeout: timeout)
        }
        let exchange = HTTPExchange(
            url: request.url(base: url), source: source.address, limit: Self.answerLimit, timeout: timeout)
        do throws(HTTPFetchError) {
            return Self.response(of: try await self.fetcher.fetch(exchange))
        } catch {
            switch error {
            case .badURL(let why): return .failure(.unsupported(why))
            case .unreachable(let why): return .failure(.unreachable(why))
            case .timedOut, .tooManyRedirects: return .failure(.unreachable(error.description))
            case .tooLarge: return .failure(.garbage(error.description, excerpt: ""))
            case .cancelled: return .failure(.cancelled)
            }
        }
    }

    private static func response(of answer: HTTPAnswer) -> Result<AnnounceResponse, TrackerError> {
        do throws(TrackerReplyError) {
            switch try AnnounceReply(decoding: answer.body) {
            case .refused(let refusal): return .failure(.refused(refusal))
            case .accepted(let response): if answer.status == 200 { return .success(response) }
            }
        } catch {
            if answer.status == 200 { return .failure(.garbage(error.description, excerpt: answer.excerpt)) }
        }
        // Some trackers refuse with a status and bencode; this one has only the status.
        let retryAfter = answer.retryAfter.map { UInt32($0.inSeconds) }
        return .failure(.status(answer.status, excerpt: answer.words, retryAfter: retryAfter))
    }

    private static func merged(
        _ results: [Result<AnnounceResponse, TrackerError>]
    ) throws(TrackerError) -> AnnounceResponse {
        var merged: AnnounceResponse?
        var failure: TrackerError?
        for result in results {
            switch result {
            case .success(let response): merged = merged.map { $0.merged(with: response) } ?? response
            case .failure(let error): if error.rank < failure?.rank ?? .max { failure = error }
            }
        }
        if let merged { return merged }
        throw failure ?? .cancelled
    }
}

extension AnnounceResponse {
    /// Both answers of one tracker as one.
    fileprivate func merged(with other: AnnounceResponse) -> AnnounceResponse {
        var merged = self
        merged.interval = min(self.interval, other.interval)
        merged.minimumInterval = [self.minimumInterval, other.minimumInterval].compactMap(\.self).max()
        merged.complete = [self.complete, other.complete].compactMap(\.self).max()
        merged.incomplete = [self.incomplete, other.incomplete].compactMap(\.self).max()
        // One that was sent on by either family is sent on.
        merged.owner = self.owner ?? other.owner
        merged.successors = self.successors.isEmpty ? other.successors : self.successors
        merged.warning = self.warning ?? other.warning
        merged.trackerID = self.trackerID ?? other.trackerID
        var seen = Set(self.peers.map(\.endpoint))
        merged.peers += other.peers.filter { seen.insert($0.endpoint).inserted }
        return merged
    }
}
