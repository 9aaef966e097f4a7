// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One walk through the table towards an id (Kademlia): asks the closest nodes known for closer ones, a few at a time, until
/// the eight closest have all answered.
package struct Lookup: Sendable {
    /// Queries in flight that are not late.
    package static let concurrency = 3
    /// Nodes at the end of the way that count (BEP 5: K).
    package static let width = 8
    /// Queries of one walk, whatever its answers promise.
    package static let queryLimit = 128
    /// Nodes that are remembered to be asked.
    private static let candidateLimit = 128
    /// Peers that are told apart.
    private static let peerLimit = 2_000

    /// How a candidate stands.
    private enum Phase: Sendable {
        case fresh
        case asked
        /// Asked, and late: others go first.
        case late
        case answered
        case failed
    }

    private struct Candidate: Sendable {
        let contact: NodeContact
        let distance: NodeDistance
        let isValid: Bool
        var phase = Phase.fresh
        var token: [UInt8]?
    }

    /// A node that is to be asked; of one that is known by name only there is no id.
    package struct Step: Hashable, Sendable {
        /// Where.
        package let endpoint: PeerEndpoint
        /// Who is expected there.
        package let id: NodeID?
    }

    /// Where it goes.
    package let target: NodeID
    /// Its address family.
    package let isV6: Bool
    private let ownID: NodeID
    /// By distance, the closest first.
    private var candidates: [Candidate] = []
    private var places: Set<PeerEndpoint> = []
    /// Places without a name, which are asked first.
    private var strangers: [PeerEndpoint]
    private var strangersInFlight: Set<PeerEndpoint> = []
    /// Queries sent.
    package private(set) var queryCount = 0
    /// Answers.
    package private(set) var answerCount = 0
    /// Peers of the torrent that were found.
    package private(set) var peers: Set<PeerEndpoint> = []

    /// Begins from `contacts`, and where these are few from `strangers` too.
    package init(
        target: NodeID, isV6: Bool, ownID: NodeID, contacts: [NodeContact], strangers: [PeerEndpoint]
    ) {
        self.target = target
        self.isV6 = isV6
        self.ownID = ownID
        self.strangers = contacts.count < Self.width ? strangers.filter { $0.address.isV6 == isV6 } : []
        for contact in contacts { self.add(contact) }
    }

    /// Who is to be asked next; nil when the queries in flight must be waited for, or it is over.
    package mutating func next() -> Step? {
        guard self.queryCount < Self.queryLimit else { return nil }
        let inFlight = self.candidates.count { $0.phase == .asked } + self.strangersInFlight.count
        guard inFlight < Self.concurrency else { return nil }
        if let stranger = self.strangers.popLast() {
            self.strangersInFlight.insert(stranger)
            self.queryCount += 1
            return Step(endpoint: stranger, id: nil)
        }
        guard let index = self.window.first(where: { self.candidates[$0].phase == .fresh }) else { return nil }
        self.candidates[index].phase = .asked
        self.queryCount += 1
        let contact = self.candidates[index].contact
        return Step(endpoint: contact.endpoint, id: contact.id)
    }

    /// Whether there is nothing more to ask and nothing to wait for. Late answers are not waited for.
    package var isOver: Bool {
        guard self.strangersInFlight.isEmpty, !self.candidates.contains(where: { $0.phase == .asked }) else {
            return false
        }
        guard self.queryCount < Self.queryLimit else { return true }
        return self.strangers.isEmpty && !self.window.contains { self.candidates[$0].phase == .fresh }
    }

    /// A node answered. Returns the peers that were not known before.
    package mutating func answered(_ endpoint: PeerEndpoint, _ response: KRPCResponse) -> [PeerEndpoint] {
        self.answerCount += 1
        self.strangersInFlight.remove(endpoint)
        if let index = self.candidates.firstIndex(where: { $0.contact.endpoint == endpoint }) {
            if self.candidates[index].contact.id == response.sender {
                self.candidates[index].phase = .answered
                self.candidates[index].token = response.token
            } else {
                // It is not who it was said to be.
                self.candidates[index].phase = .failed
            }
        } else {
            self.add(NodeContact(id: response.sender, endpoint: endpoint), phase: .answered, token: response.token)
        }
        let contacts = self.isV6 ? response.nodes6 : response.nodes
        for contact in contacts where contact.endpoint.isPlausible(toldBy: endpoint.address) { self.add(contact) }
        return response.peers.filter { peer in
            guard peer.address.isV6 == self.isV6, peer.isPlausible(toldBy: endpoint.address),
                self.peers.count < Self.peerLimit
            else { return false }
            return self.peers.insert(peer).inserted
        }
    }

    /// A node is late: another is asked beside it.
    package mutating func late(_ endpoint: PeerEndpoint) {
        self.strangersInFlight.remove(endpoint)
        self.move(endpoint, from: .asked, to: .late)
    }

    /// A node will not answer any more, or refused.
    package mutating func failed(_ endpoint: PeerEndpoint) {
        self.strangersInFlight.remove(endpoint)
        self.move(endpoint, from: .asked, to: .failed)
        self.move(endpoint, from: .late, to: .failed)
    }

    /// The closest nodes that answered with a token: where the torrent is announced. Those whose id does not fit their
    /// address are taken only where there are too few others (BEP 42).
    package var closest: [(contact: NodeContact, token: [UInt8])] {
        let answered = self.candidates.filter { $0.phase == .answered }
        let ordered = answered.filter(\.isValid) + answered.filter { !$0.isValid }
        return ordered.compactMap { candidate in candidate.token.map { (candidate.contact, $0) } }
            .prefix(Self.width).map { $0 }
    }

    private mutating func move(_ endpoint: PeerEndpoint, from: Phase, to phase: Phase) {
        let index = self.candidates.firstIndex { $0.contact.endpoint == endpoint && $0.phase == from }
        if let index { self.candidates[index].phase = phase }
    }

    private mutating func add(_ contact: NodeContact, phase: Phase = .fresh, token: [UInt8]? = nil) {
        guard contact.id != self.ownID, contact.endpoint.address.isV6 == self.isV6,
            !self.candidates.contains(where: { $0.contact.id == contact.id }),
            self.places.insert(contact.endpoint.nodePlace).inserted
        else { return }
        let distance = contact.id.distance(to: self.target)
        let place = self.candidates.firstIndex { distance < $0.distance } ?? self.candidates.count
        self.candidates.insert(
            Candidate(
                contact: contact, distance: distance, isValid: contact.isValid, phase: phase, token: token), at: place)
        if self.candidates.count > Self.candidateLimit,
            let last = self.candidates.lastIndex(where: { $0.phase == .fresh })
        {
            let gone = self.candidates.remove(at: last)
            self.places.remove(gone.contact.endpoint.nodePlace)
        }
    }

    /// The closest candidates that may still count: eight whose ids fit their addresses, and no more than twice as many.
    private var window: [Int] {
        var window: [Int] = []
        var valid = 0
        for (index, candidate) in self.candidates.enumerated() {
            switch candidate.phase {
            case .failed, .late: continue
            case .fresh, .asked, .answered: break
            }
            window.append(index)
            valid += candidate.isValid ? 1 : 0
            if valid == Self.width || window.count == Self.width * 2 { break }
        }
        return window
    }
}
