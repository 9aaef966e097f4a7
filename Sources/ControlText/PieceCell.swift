// SPDX-License-Identifier: Apache-2.0

/// What one character of a piece map says about a piece, or about several.
enum PieceCell: Hashable, CaseIterable {
    case here
    /// Of several pieces some are here.
    case partlyHere
    case onItsWay
    /// Missing, and nothing is known of who has it.
    case missing
    /// Missing, and nobody connected has it.
    case heldByNone
    case heldByOne
    case heldBySome
    case heldByMany

    /// From so many holders on a piece is one that many have.
    private static let many = 4

    /// A piece that is missing, by how many connected peers have it.
    init(holders: Int?) {
        switch holders {
        case nil: self = .missing
        case .some(...0): self = .heldByNone
        case 1: self = .heldByOne
        case .some(..<Self.many): self = .heldBySome
        case .some: self = .heldByMany
        }
    }

    /// What it is drawn as. The more have it, the darker it is.
    func symbol(_ glyphs: GlyphSet) -> Character {
        switch (self, glyphs) {
        case (.here, .unicode): "█"
        case (.here, .ascii): "#"
        case (.partlyHere, .unicode): "▄"
        case (.partlyHere, .ascii): "+"
        case (.onItsWay, .unicode): "↓"
        case (.onItsWay, .ascii): "~"
        case (.missing, .unicode): "·"
        case (.missing, .ascii): "-"
        case (.heldByNone, .unicode): "×"
        case (.heldByNone, .ascii): "!"
        case (.heldByOne, .unicode): "░"
        case (.heldByOne, .ascii): "."
        case (.heldBySome, .unicode): "▒"
        case (.heldBySome, .ascii): ":"
        case (.heldByMany, .unicode): "▓"
        case (.heldByMany, .ascii): "="
        }
    }

    /// Its colour: from red, what cannot come, to blue, what will come for sure.
    var colour: PaintedText.Colour {
        switch self {
        case .here, .partlyHere: .green
        case .onItsWay: .magenta
        case .missing, .heldByMany: .blue
        case .heldByNone: .red
        case .heldByOne: .yellow
        case .heldBySome: .cyan
        }
    }

    /// What the legend says.
    var meaning: String {
        switch self {
        case .here: "here"
        case .partlyHere: "partly here"
        case .onItsWay: "on its way"
        case .missing: "missing"
        case .heldByNone: "0"
        case .heldByOne: "1"
        case .heldBySome: "2-3"
        case .heldByMany: "4+"
        }
    }

    /// Whether the legend tells of it by the number of its holders.
    var isCounted: Bool {
        switch self {
        case .heldByNone, .heldByOne, .heldBySome, .heldByMany: true
        case .here, .partlyHere, .onItsWay, .missing: false
        }
    }
}
