// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

extension WatchScreen {
    /// The longest that may be typed.
    private static let longestInput = 200

    /// Takes a key, and gives what is to be done.
    package mutating func press(_ key: WatchKey) -> WatchAction? {
        self.notice = nil
        if key == .interrupt { return .quit }
        switch self.mode {
        case .list: return self.pressInList(key)
        case .help:
            self.mode = .list
            return nil
        case .filter(let text): return self.pressInFilter(key, text)
        case .limits(let torrent, let text): return self.pressInLimits(key, torrent, text)
        case .removal(let torrent): return self.pressInRemoval(key, torrent)
        }
    }

    private mutating func pressInList(_ key: WatchKey) -> WatchAction? {
        switch key {
        case .up, .character("k"): return self.move(by: -1)
        case .down, .character("j"): return self.move(by: 1)
        case .pageUp: return self.move(by: -max(self.listRows - 1, 1))
        case .pageDown, .character(" "): return self.move(by: max(self.listRows - 1, 1))
        case .home, .character("g"): return self.move(by: -self.chosen)
        case .end, .character("G"): return self.move(by: (self.look?.total ?? 0) - self.chosen)
        case .enter: return self.open(!self.isOpen)
        case .escape: return self.isOpen ? self.open(false) : self.search("")
        case .character("q"): return .quit
        case .character("?"), .character("h"):
            self.mode = .help
            return nil
        case .character("/"):
            self.mode = .filter(self.filter)
            return nil
        case .character(let letter): return self.act(letter)
        case .backspace, .interrupt: return nil
        }
    }

    /// The keys that do something to the chosen torrent.
    private mutating func act(_ letter: Character) -> WatchAction? {
        guard let torrent = self.chosenTorrent else { return nil }
        switch letter {
        case "p":
            let isStopped = torrent.state == .paused || torrent.state == .suspended
            return isStopped ? .resume(torrent.infoHash) : .pause(torrent.infoHash)
        case "a": return .announce(torrent.infoHash)
        case "l":
            self.mode = .limits(torrent.infoHash, "")
            return nil
        case "r":
            self.mode = .removal(torrent.infoHash)
            return nil
        default:
            self.notice = ("no key \(letter); ? shows the keys", false)
            return nil
        }
    }

    private mutating func move(by rows: Int) -> WatchAction? {
        let before = (self.chosen, self.top)
        self.chosen = max(0, min(self.chosen + rows, (self.look?.total ?? 1) - 1))
        self.follow()
        self.chooseHash()
        guard before != (self.chosen, self.top) else { return nil }
        // Another part of the list, or another torrent's peers, must be asked for.
        return before.1 != self.top || self.isOpen ? .look : nil
    }

    private mutating func open(_ isOpen: Bool) -> WatchAction? {
        guard !isOpen || self.chosenTorrent != nil else { return nil }
        self.isOpen = isOpen
        self.follow()
        return .look
    }

    private mutating func search(_ text: String) -> WatchAction? {
        self.mode = .list
        guard text != self.filter else { return nil }
        self.filter = text
        (self.chosen, self.top) = (0, 0)
        self.chosenHash = nil
        return .look
    }

    private mutating func pressInFilter(_ key: WatchKey, _ text: String) -> WatchAction? {
        switch key {
        case .enter: return self.search(text)
        case .escape: self.mode = .list
        case .backspace: self.mode = .filter(String(text.dropLast()))
        case .character(let letter) where text.count < Self.longestInput: self.mode = .filter(text + String(letter))
        case .character, .up, .down, .pageUp, .pageDown, .home, .end, .interrupt: break
        }
        return nil
    }

    private mutating func pressInLimits(_ key: WatchKey, _ torrent: InfoHash, _ text: String) -> WatchAction? {
        switch key {
        case .enter:
            let words = text.split(separator: " ").map { Self.rate(String($0)) }
            guard words.count == 2, let down = words[0], let up = words[1] else {
                self.notice = ("two rates are wanted, such as 2M 512K; 0 is no limit", true)
                return nil
            }
            self.mode = .list
            return .limit(torrent, down: down, up: up)
        case .escape: self.mode = .list
        case .backspace: self.mode = .limits(torrent, String(text.dropLast()))
        case .character(let letter) where text.count < Self.longestInput:
            self.mode = .limits(torrent, text + String(letter))
        case .character, .up, .down, .pageUp, .pageDown, .home, .end, .interrupt: break
        }
        return nil
    }

    private static func rate(_ word: String) -> Int? {
        SizeText.parse(word.hasSuffix("/s") ? String(word.dropLast(2)) : word)
    }

    private mutating func pressInRemoval(_ key: WatchKey, _ torrent: InfoHash) -> WatchAction? {
        // Whatever is not a clear yes is a no.
        self.mode = .list
        switch key {
        case .character("y"): return .remove(torrent, deleteData: false)
        case .character("D"): return .remove(torrent, deleteData: true)
        case .character, .up, .down, .pageUp, .pageDown, .home, .end, .enter, .backspace, .escape, .interrupt:
            return nil
        }
    }
}
