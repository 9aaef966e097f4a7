// SPDX-License-Identifier: Apache-2.0

/// Where playback is, in pieces. Nobody tells; but it cannot be past the first piece that is missing, and until it gets
/// there it goes on at its own rate. When it is not known it is at that piece, which is the most urgent guess.
struct Playhead {
    /// Pieces, and a fraction, that lie before the place.
    private(set) var position: Double?
    /// Since when playback has waited for the first missing piece; nil while it plays.
    private(set) var waitingSince: Int64?
    private var updatedAt: Int64 = 0

    /// It is now `now`; `frontier` is the first piece that is missing.
    mutating func advance(to now: Int64, frontier: Int, piecesPerSecond: Double) {
        let before = self.position ?? Double(frontier)
        let reached = before + IntakeMeter.seconds(self.updatedAt, now) * piecesPerSecond
        let isWaiting = self.position == nil || reached >= Double(frontier)
        if isWaiting, self.waitingSince == nil || before != Double(frontier) { self.waitingSince = now }
        if !isWaiting { self.waitingSince = nil }
        self.position = isWaiting ? Double(frontier) : reached
        self.updatedAt = now
    }
}
