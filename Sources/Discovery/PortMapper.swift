// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOPosix
import SwarmEvents

/// Asks the router for the ports at which peers reach us, renews what it gave before that runs out, and takes it back at the
/// end. NAT-PMP is tried first, because it answers at once or not at all; then UPnP. What waits for the router does so on a
/// thread of its own.
package actor PortMapper {
    /// What is asked for, and of whom.
    package struct Configuration: Sendable {
        /// Ports for connections, and for datagrams.
        package var ports: [(port: UInt16, isUDP: Bool)]
        /// The router that speaks NAT-PMP; nil for that of the default route.
        package var gateway: String?
        /// Where a router that speaks UPnP describes itself; nil to look for one.
        package var descriptionURL: String?
        /// For how long ports are asked for, in seconds.
        package var lifetime: UInt32 = 3_600
        /// How long a router may take to answer one question, in milliseconds.
        package var patience = 2_000
        /// The shortest time between two rounds of questions.
        package var shortestPause = Duration.seconds(30)

        /// The defaults, for these ports.
        package init(ports: [(port: UInt16, isUDP: Bool)]) {
            self.ports = ports
        }
    }

    /// Pauses between attempts that failed: the first, doubled each time, and the longest.
    private static let firstPause = Duration.seconds(60)
    private static let longestPause = Duration.seconds(3_600)

    private let configuration: Configuration
    private let logger: Logger
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private var router: PortMappingRouter?
    private var work: Task<Void, Never>?
    /// Whether ports were forwarded when that was told last; nil before it was.
    private var toldMapped: Bool?
    /// How it stands.
    package private(set) var status = PortMapperStatus.searching

    /// Asks for nothing before `start`.
    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Begins to ask.
    package func start() {
        guard self.work == nil, !self.configuration.ports.isEmpty else { return }
        self.thread.start()
        self.work = Task { [weak self] in
            var pause = Self.firstPause
            while !Task.isCancelled {
                guard let wait = await self?.attempt(pause) else { return }
                pause = wait.isRenewal ? Self.firstPause : min(pause * 2, Self.longestPause)
                do { try await Task.sleep(for: wait.pause) } catch { return }
            }
        }
    }

    /// Takes back what the router gave, and ends. A router that does not answer is waited for as long as `patience` says, once
    /// for each port.
    package func stop() async {
        guard let work = self.work else { return }
        self.work = nil
        work.cancel()
        await work.value
        if let router = self.router {
            let (mappings, patience) = (self.mappings, CInt(self.configuration.patience))
            _ = await self.waiting { for mapping in mappings { router.remove(mapping, patience: patience) } }
        }
        self.router = nil
        self.status = .searching
        try? await self.thread.shutdownGracefully()
    }

    private var mappings: [PortMapping] {
        switch self.status {
        case .mapped(let mappings, method: _): mappings
        case .searching, .unmapped: []
        }
    }

    /// Asks for every port, once. Returns how long to wait before the next time, and whether that will be a renewal.
    private func attempt(_ pause: Duration) async -> (pause: Duration, isRenewal: Bool) {
        let configuration = self.configuration
        let known = self.router
        let found = await self.waiting { () -> (router: PortMappingRouter, mappings: [PortMapping])? in
            if let known, let mappings = Self.map(configuration, by: known) { return (known, mappings) }
            let first = PortMappingRouter.natPMP(gateway: configuration.gateway)
            if let mappings = Self.map(configuration, by: first) { return (first, mappings) }
            let patience = CInt(configuration.patience)
            guard let second = PortMappingRouter.findUPnP(url: configuration.descriptionURL, patience: patience),
                let mappings = Self.map(configuration, by: second)
            else { return nil }
            return (second, mappings)
        }
        guard let found = found ?? nil else {
            self.router = nil
            self.status = .unmapped
            self.tell(isMapped: false)
            return (pause, false)
        }
        self.router = found.router
        self.status = .mapped(found.mappings, method: found.router.name)
        self.tell(isMapped: true)
        let lifetime = found.mappings.map(\.lifetime).filter { $0 > 0 }.min() ?? configuration.lifetime
        return (max(.seconds(Int(lifetime) / 2), configuration.shortestPause), true)
    }

    /// All ports that are to be had; nil when the first is not.
    private static func map(_ configuration: Configuration, by router: PortMappingRouter) -> [PortMapping]? {
        var mappings: [PortMapping] = []
        for (port, isUDP) in configuration.ports {
            let mapping = router.map(
                port: port, isUDP: isUDP, lifetime: configuration.lifetime, patience: CInt(configuration.patience))
            guard let mapping else {
                if mappings.isEmpty { return nil }
                continue
            }
            mappings.append(mapping)
        }
        return mappings
    }

    /// A line at the first outcome and when it is another from then on.
    private func tell(isMapped: Bool) {
        guard self.toldMapped != isMapped else { return }
        self.toldMapped = isMapped
        guard isMapped, let router = self.router, let mapping = self.mappings.first else {
            return self.logger.event(
                .portUnmapped, "no router forwards the peer port: none answers by NAT-PMP or UPnP",
                ["port.local": "\(self.configuration.ports.first?.port ?? 0)"])
        }
        self.logger.event(
            .portMapped, "the router forwards \(mapping.outside) to port \(mapping.port) (\(router.name))",
            ["port.external": "\(mapping.externalPort)", "port.local": "\(mapping.port)"])
    }

    /// Runs what waits on the thread that may; nil when there is none any more.
    private func waiting<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        try? await self.thread.runIfActive { body() }
    }
}
