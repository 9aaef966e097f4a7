// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import Swarming

/// A swarm under a virtual clock: real `PeerSession` and `Swarm` machines with the strategies given, over simulated links
/// and disks. One seed decides everything that chance decides; equal seeds give equal runs, to the byte.
///
/// Nothing in here iterates over a dictionary or set, whose order changes from process to process.
package final class Simulation {
    /// How the payload divides.
    package let geometry: TorrentGeometry
    /// What chance was made of.
    package let seed: UInt64
    /// The virtual time; 0 at the beginning.
    package private(set) var now = Instant(nanoseconds: 0)
    /// How often machines are looked at for contradictions. In release builds most of it costs and finds nothing.
    package enum Checks: Hashable, Sendable {
        case never
        /// Each node once a second.
        case everyTick
        /// Whoever an event was about, after it.
        case everyEvent
    }

    /// How often to look.
    package var checks = Checks.everyTick
    /// Told of each node that has every piece now.
    package var whenCompleted: ((Simulation, Int) -> Void)?

    let infoHash: InfoHash
    var nodes: [SimulatedNode] = []
    var links: [SimulatedLink] = []
    var pipes: [Pipe] = []
    var random: SplitMix64
    var fingerprint = Fingerprint()
    /// When payload last came somewhere.
    var lastPayload = Instant(nanoseconds: 0)
    /// Events worked through.
    private(set) var eventCount = 0
    private var queue = EventQueue()
    private var actions: [(Simulation) -> Void] = []
    private var hasNews = true

    /// A swarm of nobody.
    package init(geometry: TorrentGeometry, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.geometry = geometry
        self.seed = seed
        self.infoHash = InfoHash(Bytes20(high: random.next(), middle: random.next(), low: 0))
        self.random = random
    }

    /// Number of nodes that were added.
    package var nodeCount: Int { self.nodes.count }

    /// Adds a node that joins when its profile says, not before now. Returns its number.
    @discardableResult
    package func add(_ profile: NodeProfile) throws -> Int {
        let index = self.nodes.count
        let node = try SimulatedNode(profile, index: index, in: self, seed: self.random.next())
        self.nodes.append(node)
        self.queue.push(.join(node: Int32(index)), at: max(profile.joinsAt, self.now))
        self.hasNews = true
        return index
    }

    /// Lets something happen at a time.
    package func at(_ time: Instant, _ action: @escaping (Simulation) -> Void) {
        self.actions.append(action)
        self.queue.push(.action(Int32(self.actions.count - 1)), at: max(time, self.now))
    }

    /// Runs on until `isOver`, which is asked whenever a node has completed, come or gone; until `limit`; or until no payload
    /// has come for `patience`.
    package func run(
        limit: Interval, patience: Interval = .seconds(900),
        until isOver: (Simulation) -> Bool = { $0.isComplete }
    ) -> SimulationReport {
        let end = self.now + limit
        var ending = SimulationReport.Ending.over
        while true {
            if self.hasNews {
                self.hasNews = false
                if isOver(self) { break }
            }
            guard let due = self.queue.nextTime, due <= end, let (time, event) = self.queue.pop() else {
                self.now = end
                ending = .outOfTime
                break
            }
            self.now = time
            if time - self.lastPayload > patience {
                ending = .quiet
                break
            }
            self.eventCount += 1
            self.handle(event)
            self.check(event)
        }
        return self.report(ending)
    }

    /// Whether every node that may be expected to has every piece, and none is still to come.
    package var isComplete: Bool {
        self.nodes.allSatisfy {
            switch $0.phase {
            case .waiting, .downloading, .suspended: $0.isSilent
            case .seeding, .gone: true
            }
        }
    }

    func schedule(_ event: SimulationEvent, in interval: Interval) {
        self.queue.push(event, at: self.now + interval)
    }

    func noteNews() { self.hasNews = true }

    /// A node has every piece now.
    func nodeCompleted(_ node: SimulatedNode) {
        self.noteNews()
        if case .afterCompletion(let pause) = node.profile.departure {
            self.schedule(.leave(node: Int32(node.index)), in: pause)
        }
        self.whenCompleted?(self, node.index)
    }

    private func handle(_ event: SimulationEvent) {
        switch event {
        case .join(let node):
            self.nodes[Int(node)].join()
            self.noteNews()
        case .leave(let node): self.nodes[Int(node)].leave()
        case .connect(let link): self.connect(Int(link))
        case .reset(let link): self.reset(Int(link))
        case .sent(let node): self.sent(Int(node))
        case .arrived(let pipe): self.arrived(Int(pipe))
        case .taken(let node): self.taken(Int(node))
        case .tick(let node): self.nodes[Int(node)].tick()
        case .round(let node): self.nodes[Int(node)].runScheduledRound()
        case .diskDone(let node): self.nodes[Int(node)].diskDone()
        case .action(let action): self.actions[Int(action)](self)
        }
    }
}
