// SPDX-License-Identifier: Apache-2.0

package import Logging
package import NIOCore
package import SwarmModel

/// Finds peers on the local network (BEP 14): calls out the torrents that we have, and hears what others call out.
package actor LocalDiscovery {
    /// How messages come and go.
    package struct Carrier: Sendable {
        /// Sends an announcement to all, in every family that has a port; must not block.
        package var send: @Sendable ([InfoHash], _ cookie: String) -> Void

        /// Takes everything as it is.
        package init(send: @escaping @Sendable ([InfoHash], _ cookie: String) -> Void) {
            self.send = send
        }
    }

    private let cookie: String
    private let logger: Logger
    private var schedule: LocalSchedule
    private var onPeers: [InfoHash: @Sendable ([PeerEndpoint]) -> Void] = [:]
    private var carrier: Carrier?
    private var groups: [LocalGroup] = []
    private var timer: (task: Task<Void, Never>, deadline: Instant)?
    private let origin = ContinuousClock.now

    /// Silent before `start`. `cookie` is what we know our own messages by.
    package init(cookie: String, logger: Logger) {
        self.cookie = cookie
        self.logger = logger
        self.schedule = LocalSchedule(at: Instant(nanoseconds: 0))
    }

    /// Begins on the network, for the families in `listening`. A family that cannot be had is left out.
    package func start(listening: [PeerEndpoint], group: any EventLoopGroup) async {
        var ports: [Bool: UInt16] = [:]
        for endpoint in listening where !endpoint.address.isLoopback && ports[endpoint.address.isV6] == nil {
            ports[endpoint.address.isV6] = endpoint.port
        }
        for isV6 in ports.keys {
            do {
                self.groups.append(
                    try await LocalGroup(isV6: isV6, group: group) { [weak self] datagram, source in
                        guard let self, let message = LocalAnnouncement(decoding: datagram) else { return }
                        Task { await self.hear(message, from: source) }
                    })
            } catch {
                self.logger.debug("no local discovery", metadata: ["error.message": "\(error)", "ipv6": "\(isV6)"])
            }
        }
        let groups = self.groups
        let fixed = ports
        self.start(
            Carrier { infoHashes, cookie in
                for group in groups {
                    guard let port = fixed[group.isV6] else { continue }
                    let message = LocalAnnouncement(port: port, infoHashes: infoHashes, cookie: cookie)
                    group.send(message.encoded(group: group.name))
                }
            })
    }

    /// Begins with whatever carries the messages.
    package func start(_ carrier: Carrier) {
        self.carrier = carrier
        self.act()
    }

    /// Ends.
    package func stop() async {
        self.timer?.task.cancel()
        self.timer = nil
        self.carrier = nil
        self.onPeers = [:]
        let groups = self.groups
        self.groups = []
        for group in groups { await group.stop() }
    }

    /// Calls a torrent out from now on; `onPeers` gets who calls it out too. Not for private torrents (BEP 27).
    package func add(_ infoHash: InfoHash, onPeers: @escaping @Sendable ([PeerEndpoint]) -> Void) {
        self.onPeers[infoHash] = onPeers
        self.schedule.add(infoHash, at: self.now)
        self.act()
    }

    /// Calls it out no more.
    package func remove(_ infoHash: InfoHash) {
        self.onPeers[infoHash] = nil
        self.schedule.remove(infoHash)
    }

    /// Somebody at `source` called out.
    package func hear(_ message: LocalAnnouncement, from source: IPAddress) {
        guard message.cookie != self.cookie, source.isUnicast else { return }
        let peer = PeerEndpoint(address: source, port: message.port)
        for infoHash in message.infoHashes { self.onPeers[infoHash]?([peer]) }
    }

    private var now: Instant {
        let (seconds, attoseconds) = (ContinuousClock.now - self.origin).components
        return Instant(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// Sends what is due, and sees to what is not.
    private func act() {
        guard let carrier = self.carrier else { return }
        if let infoHashes = self.schedule.next(at: self.now) { carrier.send(infoHashes, self.cookie) }
        guard let deadline = self.schedule.deadline else { return }
        if let timer = self.timer, timer.deadline <= deadline { return }
        self.timer?.task.cancel()
        let wait = Duration.nanoseconds(max(0, (deadline - self.now).nanoseconds))
        self.timer = (Task { [weak self] in await self?.wake(after: wait) }, deadline)
    }

    private func wake(after wait: Duration) async {
        do { try await Task.sleep(for: wait, tolerance: .milliseconds(20)) } catch { return }
        // A cancelled timer that was already past its sleep must not take down its successor.
        guard !Task.isCancelled else { return }
        self.timer = nil
        self.act()
    }
}
