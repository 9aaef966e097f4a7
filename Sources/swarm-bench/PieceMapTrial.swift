// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import TrackerCore
import TrackerWire

/// What the tracker's piece map costs where it is large: one torrent of ten thousand pieces that ten thousand peers
/// report on, each of which has a share of the pieces between none and all.
struct PieceMapTrial {
    private static let peers = 10_000
    private static let pieces = 10_000
    /// Pieces that a peer has got between two reports.
    private static let news = 5
    private static let period = 5.0
    private static let announces = 200_000
    /// Answers whose worth is counted.
    private static let looks = 2_000
    private static let firstAddress: UInt32 = 0x0b00_0000

    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    /// Plays it and prints a line for each cost.
    func run() throws {
        var random = SplitMix64(seed: self.seed)
        var table = SwarmTable(seed: random.next())
        let now = Instant(nanoseconds: 1_000_000_000_000)
        let (mapped, plain) = (Self.hash(1), Self.hash(2))
        var owned: [Bitfield] = []
        var selection = PeerSelection()
        for number in 0..<Self.peers {
            for hash in [mapped, plain] {
                _ = try table.announce(Self.announcement(number, hash), at: now, random: &random, into: &selection)
            }
            owned.append(Self.share(&random))
            Self.report(number, owned[number], owned[number], sequence: 1, isWhole: true, to: &table, at: now)
        }
        print("1 torrent, \(Self.peers) peers, \(Self.pieces) pieces, seed \(self.seed)")
        Self.row("the map", Double(table.mapBytes) / 1_000_000, "MB")
        let reporting = Self.reportTime(&owned, &table, &random, at: now)
        Self.row("a report of \(Self.news) pieces", reporting, "us")
        Self.row("all of them every 5 s", reporting * Double(Self.peers) / Self.period / 10_000, "% of a core")
        let bare = try Self.announceTime(plain, &table, &random, at: now)
        let ranked = try Self.announceTime(mapped, &table, &random, at: now)
        Self.row("an announce", bare, "us")
        Self.row("an announce that is ranked", ranked, "us")
        Self.row("the ranking", ranked - bare, "us")
        let news = try Self.news(owned, mapped, &table, &random, at: now)
        Self.row("new to the asker, of who is ranked first", news.first, "pieces")
        Self.row("of the others in the answer", news.others, "pieces")
    }

    /// How many pieces new to the asker those have that an answer names first, and the rest, which is drawn by chance.
    private static func news(
        _ owned: [Bitfield], _ hash: InfoHash, _ table: inout SwarmTable, _ random: inout SplitMix64, at start: Instant
    ) throws -> (first: Double, others: Double) {
        var selection = PeerSelection()
        var (first, others) = (0, 0)
        for look in 0..<Self.looks {
            let asker = Int(random.next(below: UInt64(Self.peers)))
            let now = start + .seconds(Int64(look))
            _ = try table.announce(self.announcement(asker, hash), at: now, random: &random, into: &selection)
            for (place, peer) in selection.endpoints.enumerated() {
                let pieces = owned[Int(UInt32(truncatingIfNeeded: peer.address.low) - Self.firstAddress)]
                let news = zip(pieces.words, owned[asker].words).reduce(0) { $0 + ($1.0 & ~$1.1).nonzeroBitCount }
                if place < 10 { first += news } else if place >= 25 { others += news }
            }
        }
        return (Double(first) / Double(Self.looks * 10), Double(others) / Double(Self.looks * 25))
    }

    private static func row(_ what: String, _ value: Double, _ unit: String) {
        let text = ResultRow.fixed(value, 2)
        let space = String(repeating: " ", count: max(1, 44 - what.count - text.count))
        print("\(what)\(space)\(text) \(unit)")
    }

    /// Microseconds of an announce, in the mean.
    private static func announceTime(
        _ hash: InfoHash, _ table: inout SwarmTable, _ random: inout SplitMix64, at now: Instant
    ) throws -> Double {
        var selection = PeerSelection()
        var found = 0
        let start = self.processorSeconds
        for _ in 0..<Self.announces {
            let asker = Int(random.next(below: UInt64(Self.peers)))
            _ = try table.announce(self.announcement(asker, hash), at: now, random: &random, into: &selection)
            found += selection.count
        }
        precondition(found == Self.announces * 50, "everybody gets fifty peers")
        return (self.processorSeconds - start) * 1e6 / Double(Self.announces)
    }

    /// Microseconds of a report, reading its bytes included.
    private static func reportTime(
        _ owned: inout [Bitfield], _ table: inout SwarmTable, _ random: inout SplitMix64, at now: Instant
    ) -> Double {
        var datagrams: [[UInt8]] = []
        for number in 0..<Self.peers {
            var news = Bitfield(count: Self.pieces)
            for _ in 0..<Self.news { news.insert(PieceIndex(Int(random.next(below: UInt64(Self.pieces))))) }
            owned[number].formUnion(news)
            let encoded = EncodedPieces(news)
            let report = PieceReport(
                peer: self.peer(number, self.hash(1)), isWhole: false, encoding: encoded.encoding, sequence: 2,
                epoch: table.epoch, pieceCount: UInt32(Self.pieces), sum: PieceChecksum(owned[number]))
            datagrams.append(report.datagram(connectionID: 1, transaction: 2, payload: encoded.payload))
        }
        let start = self.processorSeconds
        for (number, datagram) in datagrams.enumerated() {
            let body = datagram.span.extracting(16..<datagram.count)
            guard let report = PieceReport(body: body) else { preconditionFailure("a report is a report") }
            let answer = table.report(
                report, body.extracting(PieceReport.length..<body.count), from: self.address(number), at: now)
            precondition(answer?.verdict == .known, "both sides count the same")
        }
        return (self.processorSeconds - start) * 1e6 / Double(Self.peers)
    }

    private static func report(
        _ number: Int, _ news: Bitfield, _ all: Bitfield, sequence: UInt32, isWhole: Bool, to table: inout SwarmTable,
        at now: Instant
    ) {
        let encoded = EncodedPieces(news)
        let report = PieceReport(
            peer: self.peer(number, self.hash(1)), isWhole: isWhole, encoding: encoded.encoding, sequence: sequence,
            epoch: table.epoch, pieceCount: UInt32(Self.pieces), sum: PieceChecksum(all))
        let answer = table.report(report, encoded.payload.span, from: self.address(number), at: now)
        precondition(answer?.verdict == .known, "the map takes everybody")
    }

    /// A share of the pieces between none and all, here and there.
    private static func share(_ random: inout SplitMix64) -> Bitfield {
        var pieces = Bitfield(count: Self.pieces)
        let share = random.next(below: 1 << 16)
        for piece in 0..<Self.pieces where random.next(below: 1 << 16) < share { pieces.insert(PieceIndex(piece)) }
        return pieces
    }

    private static func announcement(_ number: Int, _ hash: InfoHash) -> Announcement {
        let peer = self.peer(number, hash)
        var request = AnnounceRequest(
            infoHash: hash, peerID: peer.peerID, port: peer.port, left: 1, event: .none)
        request.wanted = 50
        return Announcement(request, from: self.address(number))
    }

    private static func peer(_ number: Int, _ hash: InfoHash) -> MappedPeer {
        let name = PeerID(Bytes20(high: UInt64(number), middle: 7, low: 7))
        return MappedPeer(infoHash: hash, peerID: name, key: 0, port: 6881)
    }

    private static func hash(_ number: UInt64) -> InfoHash { InfoHash(Bytes20(high: number, middle: 7, low: 7)) }

    private static func address(_ number: Int) -> IPAddress { IPAddress(v4: self.firstAddress + UInt32(number)) }

    /// What this process has used, so that others on the machine do not count.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
