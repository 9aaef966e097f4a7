// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// One direction of one torrent under its own cap and the cap of all: what may move now, or when to ask again. Confined to
/// the torrent's loop; costs one comparison while there is no cap.
struct TorrentPace {
    /// The shortest wait, so that fast caps do not wake the loop for every block.
    static let leastWait = Interval.milliseconds(5)
    /// Blocks that one peer gets before the next has its turn.
    static let turn = 4

    /// Whether any cap holds.
    private(set) var isCapped = false
    /// Nothing may move until the loop is woken for it.
    var isHeld = false
    /// The peer that comes first when it is.
    var nextPeer = 0

    /// A wait tells for so long that the caps are what holds things up.
    private static let bindingTime = Interval.seconds(2)

    private let shared: SharedAllowance
    private var own: TokenBucket?
    private var waitedAt: Instant?

    init(shared: SharedAllowance) {
        self.shared = shared
        self.isCapped = shared.isCapped
    }

    /// Takes a new cap of the torrent's own, 0 for none, and looks whether there is one for all.
    mutating func change(bytesPerSecond: Int, at now: Instant) {
        if bytesPerSecond <= 0 {
            self.own = nil
        } else if self.own == nil {
            self.own = TokenBucket(bytesPerSecond: bytesPerSecond, at: now)
        } else {
            self.own?.change(bytesPerSecond: bytesPerSecond, at: now)
        }
        self.lookAtShared()
    }

    /// Looks whether there is a cap for all.
    mutating func lookAtShared() { self.isCapped = self.own != nil || self.shared.isCapped }

    /// Asks for `wanted` bytes, for `least` at least.
    mutating func take(
        _ wanted: Int, least: Int, for torrent: ObjectIdentifier, at now: Instant
    ) -> SharedAllowance.Answer {
        var wanted = wanted
        if var own = self.own {
            let available = own.available(at: now)
            if available < min(least, TokenBucket.leastCapacity) {
                let wait = own.wait(for: least, at: now)
                self.own = own
                self.waitedAt = now
                return .wait(max(wait, Self.leastWait))
            }
            wanted = min(wanted, max(least, available))
        }
        switch self.shared.take(wanted, least: least, for: torrent, at: now) {
        case .granted(let bytes):
            self.own?.take(bytes)
            return .granted(bytes)
        case .wait(let time):
            self.waitedAt = now
            return .wait(max(time, Self.leastWait))
        }
    }

    /// The least of the caps, in bytes a second, while something has lately had to wait for them; else nil.
    func bindingRate(at now: Instant) -> Double? {
        guard self.isCapped, let waitedAt = self.waitedAt, now - waitedAt < Self.bindingTime else { return nil }
        return Double(min(self.own?.bytesPerSecond ?? .max, self.shared.bytesPerSecond ?? .max))
    }

    /// Gives bytes back that did not move.
    mutating func giveBack(_ bytes: Int) {
        guard self.isCapped, bytes > 0 else { return }
        self.own?.giveBack(bytes)
        self.shared.giveBack(bytes)
    }

    /// The torrent wants nothing for now.
    func leave(_ torrent: ObjectIdentifier) { self.shared.leave(torrent) }
}
