// SPDX-License-Identifier: Apache-2.0

/// The attributes a torrent gives a file (BEP 47), one letter each in its `attr`.
package struct FileAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// `p`: fills the payload up to a piece boundary.
    package static let padding = FileAttributes(rawValue: 1)
    /// `x`: may be executed.
    package static let executable = FileAttributes(rawValue: 2)
    /// `h`: hidden.
    package static let hidden = FileAttributes(rawValue: 4)
    /// `l`: a symbolic link.
    package static let symlink = FileAttributes(rawValue: 8)

    /// Reads `attr`; letters that mean nothing are ignored.
    package init(letters: some Collection<UInt8>) {
        self = []
        for letter in letters {
            switch letter {
            case UInt8(ascii: "p"): self.insert(.padding)
            case UInt8(ascii: "x"): self.insert(.executable)
            case UInt8(ascii: "h"): self.insert(.hidden)
            case UInt8(ascii: "l"): self.insert(.symlink)
            default: continue
            }
        }
    }

    /// The letters of `attr` in alphabetical order.
    package var letters: String {
        (self.contains(.hidden) ? "h" : "") + (self.contains(.symlink) ? "l" : "")
            + (self.contains(.padding) ? "p" : "") + (self.contains(.executable) ? "x" : "")
    }
}
