// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel

/// A torrent's hash trees while somebody needs them: read once for all who wait, and let go of when nobody has asked for a
/// while. Confined to the torrent's loop.
final class HashTreeShelf {
    /// They are let go of when nobody has asked for so long.
    private static let keepTime = Interval.seconds(60)
    /// Those who may wait for them to be read.
    private static let waitingLimit = 256

    /// Where they are; nil for a torrent that has none.
    private(set) var source: HashTreeSource?
    /// Requests that are being worked on.
    var inFlight = 0
    private var trees: HashTrees?
    private var usedAt = Instant(nanoseconds: 0)
    private var waiting: [(HashTrees?) -> Void] = []
    private let loop: any EventLoop

    init(_ source: HashTreeSource?, loop: any EventLoop) {
        self.source = source
        self.loop = loop
    }

    /// Other trees are there to be read from now on.
    func replace(_ source: HashTreeSource?) {
        self.source = source
        self.trees = nil
    }

    /// Gives the trees to `body`, at once or on the loop later; nil when there are none, or too many wait already.
    func use(at now: Instant, _ body: @escaping (HashTrees?) -> Void) {
        guard let source = self.source else { return body(nil) }
        self.usedAt = now
        if let trees = self.trees { return body(trees) }
        guard self.waiting.count < Self.waitingLimit else { return body(nil) }
        self.waiting.append(body)
        guard self.waiting.count == 1 else { return }
        let promise = self.loop.makePromise(of: HashTrees?.self)
        promise.completeWithTask { await source.load() }
        promise.futureResult.assumeIsolated().whenComplete { result in
            self.trees = (try? result.get()) ?? nil
            let waiting = self.waiting
            self.waiting = []
            for body in waiting { body(self.trees) }
        }
    }

    /// Lets go of trees that nobody uses.
    func tidy(at now: Instant) {
        guard self.trees != nil, now - self.usedAt > Self.keepTime else { return }
        self.trees = nil
    }

    /// Whether something would have to be let go of.
    var isHolding: Bool { self.trees != nil }
}
