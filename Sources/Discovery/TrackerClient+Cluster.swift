// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

extension TrackerClient {
    /// How long a UDP tracker may take to name others; it has just answered.
    private static let nodesTimeout = Interval.seconds(3)

    /// A tracker that sends us to the owner has not taken the announce: the owner does, or, where it is not there, the
    /// tracker that was asked takes it like that of any client.
    func follow(
        _ answer: AnnounceResponse, from target: String, _ request: AnnounceRequest, _ url: String, _ timeout: Interval,
        _ onAnswer: @Sendable (AnnounceResponse) -> Void
    ) async throws(TrackerError) -> AnnounceResponse {
        let infoHash = request.infoHash
        guard let owner = answer.owner else {
            if request.offersReports { self.learn(answer, from: target, infoHash, url) }
            if request.event == .stopped, target != url { await self.takeLeave(request, url, timeout) }
            return answer
        }
        self.owners.learn([owner] + answer.successors, current: owner, of: infoHash, at: url)
        let next = self.owners.target(of: infoHash, at: url)
        if next != target, let taken = try? await self.announceOnce(request, to: next, timeout: timeout, onAnswer),
            taken.owner == nil
        {
            self.learn(taken, from: next, infoHash, url)
            return taken
        }
        self.owners.choose(target, of: infoHash, at: url)
        var served = try await self.announceOnce(request.served, to: target, timeout: timeout, onAnswer)
        served.reportPeriod = answer.reportPeriod
        return served
    }

    /// The tracker at `target` looks after the torrent. What it does not say of others stays known.
    private func learn(_ answer: AnnounceResponse, from target: String, _ infoHash: InfoHash, _ url: String) {
        guard !answer.successors.isEmpty else { return }
        let current = target == url ? nil : TrackerURL(target)?.authority
        self.owners.learn((current.map { [$0] } ?? []) + answer.successors, current: current, of: infoHash, at: url)
    }

    /// Asks a UDP tracker that took an announce who would look after the torrent next: its announce answers have no room
    /// for that. Trackers that do not know the question are seldom asked.
    func askNodes(_ request: AnnounceRequest, of url: String) async {
        let target = self.owners.target(of: request.infoHash, at: url)
        guard TrackerURL(target)?.scheme == "udp", let source = self.pieceSource(for: target, failures: 0),
            self.owners.mayAskNodes(of: target, at: .now)
        else { return }
        let peer = MappedPeer(
            infoHash: request.infoHash, peerID: request.peerID, key: request.key ?? 0, port: source.port)
        let question = PieceQuestion(peer: peer, subject: .nodes)
        let answer: PieceAnswer
        do throws(TrackerError) {
            answer = try await self.askOnce(
                pieces: { question.datagram(connectionID: $0, transaction: $1) }, of: target, from: source,
                timeout: Self.nodesTimeout)
        } catch {
            // A refusal is an answer, too: of a tracker that knows the question and has forgotten us.
            if error.isSilence { self.owners.noNodes(from: target, at: .now) }
            return
        }
        switch answer {
        case .nodes(let trackers):
            self.owners.answeredNodes(from: target)
            var response = AnnounceResponse(interval: .zero)
            response.successors = trackers
            self.learn(response, from: target, request.infoHash, url)
        case .moved(let trackers):
            self.owners.answeredNodes(from: target)
            self.owners.learn(trackers, current: trackers.first, of: request.infoHash, at: url)
        case .reported, .holders, .availability, .rarest, .refused: break
        }
    }

    /// A UDP tracker took our first announce without saying whose the torrent is: it forgets us, too.
    private func takeLeave(_ request: AnnounceRequest, _ url: String, _ timeout: Interval) async {
        guard TrackerURL(url)?.scheme == "udp" else { return }
        _ = try? await self.announceOnce(request, to: url, timeout: timeout) { _ in }
    }
}

extension AnnounceRequest {
    /// As a client announces itself that reports no pieces: any tracker of a cluster takes it.
    var served: AnnounceRequest {
        var request = self
        request.offersReports = false
        return request
    }
}

extension TrackerError {
    /// Nobody answered, or nobody who could.
    var isSilence: Bool {
        switch self {
        case .unreachable: true
        case .status(let code, _, _): code >= 500
        case .unsupported, .refused, .garbage, .cancelled: false
        }
    }
}
