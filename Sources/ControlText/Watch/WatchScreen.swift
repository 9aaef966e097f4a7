// SPDX-License-Identifier: Apache-2.0

package import ControlWire
package import SwarmModel

/// The live view as a value: what the daemon said and which keys were pressed go in, frames and actions come out.
package struct WatchScreen: Sendable {
    /// What the keys do.
    enum Mode: Hashable, Sendable {
        case list
        case help
        /// Typing what the list is to contain.
        case filter(String)
        /// Typing limits for a torrent.
        case limits(InfoHash, String)
        /// Asked whether a torrent is to go.
        case removal(InfoHash)
    }

    /// Moments that are remembered of each rate.
    static let remembered = 120
    /// Rows around the list: the head, the headings, the foot.
    static let frameRows = 3

    let glyphs: GlyphSet
    var width: Int
    var height: Int
    var mode = Mode.list
    /// What names must contain.
    var filter = ""
    /// The place of the chosen torrent in the whole list, and the first place that is shown.
    var chosen = 0
    var top = 0
    var chosenHash: InfoHash?
    var isOpen = false
    /// The last thing to tell; it goes with the next key.
    var notice: (text: String, isAlarm: Bool)?
    var look: WatchLook?
    /// Why the daemon does not answer, while it does not.
    var trouble: String?
    var downRates: [Int] = []
    var upRates: [Int] = []
    /// Rates of the torrents that are shown.
    var rates: [InfoHash: [Int]] = [:]

    /// A view for a terminal of a size, before anything is known.
    package init(width: Int, height: Int, glyphs: GlyphSet = .unicode) {
        self.glyphs = glyphs
        self.width = max(width, 1)
        self.height = max(height, 1)
    }

    /// The terminal has another size.
    package mutating func resize(width: Int, height: Int) {
        self.width = max(width, 1)
        self.height = max(height, 1)
        self.follow()
    }

    /// The part of the list that is shown.
    package var wanted: TorrentList.Params {
        TorrentList.Params(
            text: self.filter.isEmpty ? nil : self.filter, limit: max(self.listRows, 1), offset: self.top)
    }

    /// The torrent whose peers and pieces are shown.
    package var opened: InfoHash? { self.isOpen ? self.chosenHash : nil }

    /// Takes in what the daemon says now.
    package mutating func take(_ look: WatchLook) {
        self.trouble = nil
        self.look = look
        Self.remember(look.status.downRate, in: &self.downRates)
        Self.remember(look.status.upRate, in: &self.upRates)
        // Only what is shown is remembered: there may be very many.
        let before = self.rates
        self.rates = [:]
        for torrent in look.torrents {
            var rates = before[torrent.infoHash] ?? []
            Self.remember(torrent.downRate + torrent.upRate, in: &rates)
            self.rates[torrent.infoHash] = rates
        }
        // The chosen torrent stays chosen when those above it come and go.
        if let place = look.torrents.firstIndex(where: { $0.infoHash == self.chosenHash }) {
            self.chosen = look.offset + place
        }
        self.chosen = max(0, min(self.chosen, look.total - 1))
        self.follow()
        self.chooseHash()
    }

    /// The daemon does not answer; what was known stays on the screen.
    package mutating func lose(_ reason: String) { self.trouble = reason }

    /// Tells how something that was asked for ended.
    package mutating func tell(_ text: String, isAlarm: Bool) { self.notice = (text, isAlarm) }

    private static func remember(_ rate: Int, in rates: inout [Int]) {
        rates.append(rate)
        if rates.count > Self.remembered { rates.removeFirst(rates.count - Self.remembered) }
    }

    // MARK: - Places

    /// Rows of the lower half, when it is open.
    var paneRows: Int {
        guard self.isOpen else { return 0 }
        return max(0, (self.height - Self.frameRows) * 3 / 5)
    }

    var listRows: Int { max(0, self.height - Self.frameRows - self.paneRows) }

    /// The chosen torrent, when it is among those that are known.
    var chosenTorrent: TorrentSummary? {
        guard let look = self.look, self.chosen >= look.offset, self.chosen - look.offset < look.torrents.count else {
            return nil
        }
        return look.torrents[self.chosen - look.offset]
    }

    /// Moves the part that is shown to where the chosen torrent is.
    mutating func follow() {
        let rows = max(self.listRows, 1)
        if self.chosen < self.top { self.top = self.chosen }
        if self.chosen >= self.top + rows { self.top = self.chosen - rows + 1 }
        let total = self.look?.total ?? 0
        self.top = max(0, min(self.top, total - rows))
    }

    mutating func chooseHash() { self.chosenHash = self.chosenTorrent?.infoHash }
}
