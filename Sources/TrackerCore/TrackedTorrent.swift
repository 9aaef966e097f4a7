// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// One torrent: its peers in a table for each family, and what is counted. A peer that announces over both families is
/// in both tables, marked as twin, and counts once. This is a name for an entry of the table of torrents: it holds until
/// torrents are added or removed there.
struct TrackedTorrent: BitwiseCopyable {
    private let entry: UnsafeMutablePointer<TorrentEntry>

    init(_ entry: UnsafeMutablePointer<TorrentEntry>) {
        self.entry = entry
    }

    var infoHash: InfoHash { self.entry.pointee.infoHash }
    /// Seconds of the tracker's clock.
    var created: UInt32 { self.entry.pointee.created }
    var downloaded: UInt32 { self.entry.pointee.downloaded }

    /// What lies in the table.
    var bytes: TorrentEntry { self.entry.pointee }
    func overwrite(with bytes: TorrentEntry) { self.entry.initialize(to: bytes) }
    func countDownload() { self.entry.pointee.downloaded &+= 1 }

    /// The number of the torrent's piece map; 0 where nobody reports.
    var mapNumber: UInt32 {
        get { self.extras?.pointee.mapNumber ?? 0 }
        nonmutating set {
            let (v4, v6) = (self.v4, self.v6)
            self.store(v4, v6, mapNumber: newValue)
        }
    }

    var isEmpty: Bool { self.addressCount == 0 }

    var addressCount: Int {
        guard self.entry.pointee.isOutgrown else { return Int(self.entry.pointee.used) }
        return Int(self.outgrown.pointee.used) + (self.extras?.pointee.v6.count ?? 0)
    }

    var counts: SwarmCounts {
        let (entry, downloaded) = (self.entry, self.downloaded)
        guard entry.pointee.isOutgrown else {
            let leechers = Int(entry.pointee.leechers)
            return SwarmCounts(
                complete: Int(entry.pointee.used) - leechers, incomplete: leechers, downloaded: downloaded)
        }
        let large = self.outgrown.pointee
        let seeds = Int(large.used) - Int(large.leechers)
        guard let extras = large.extras, extras.pointee.v6.count > 0 else {
            return SwarmCounts(complete: seeds, incomplete: Int(large.leechers), downloaded: downloaded)
        }
        let v6 = extras.pointee.v6
        return SwarmCounts(
            complete: seeds + v6.seeds - v6.twinSeeds, incomplete: Int(large.leechers) + v6.leechers - v6.twinLeechers,
            downloaded: downloaded)
    }
}

// Where the peers are.
extension TrackedTorrent {
    private var room: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self.entry) + TorrentEntry.roomOffset }

    /// The room as what it is once the torrent has outgrown it.
    private var outgrown: UnsafeMutablePointer<TorrentEntry.Outgrown> {
        self.room.assumingMemoryBound(to: TorrentEntry.Outgrown.self)
    }

    /// The room as peers.
    private var records: UnsafeMutablePointer<PeerRecord<PeerAddressV4>> {
        self.room.assumingMemoryBound(to: PeerRecord<PeerAddressV4>.self)
    }

    private var extras: UnsafeMutablePointer<TorrentExtras>? {
        self.entry.pointee.isOutgrown ? self.outgrown.pointee.extras : nil
    }

    /// Seconds of the tracker's clock until when the counts of a torrent without peers are kept: as long as its last
    /// peer would have been remembered. A torrent with peers needs the room for them, and has 0.
    var keptUntil: UInt32 {
        get {
            guard self.isEmpty else { return 0 }
            return self.entry.pointee.isOutgrown
                ? self.extras?.pointee.keptUntil ?? 0 : self.room.load(as: UInt32.self)
        }
        nonmutating set {
            guard self.isEmpty else { return }
            if self.entry.pointee.isOutgrown {
                self.extras?.pointee.keptUntil = newValue
            } else {
                self.room.storeBytes(of: newValue, as: UInt32.self)
            }
        }
    }

    /// The peers of IPv4. A change is one only once it is stored, and must be.
    var v4: PeerTable<PeerAddressV4> {
        guard self.entry.pointee.isOutgrown else {
            let records = RecordArray(
                self.records, used: UInt32(self.entry.pointee.used), room: UInt32(TorrentEntry.ownRoom), isLent: true)
            return PeerTable(records, leechers: UInt32(self.entry.pointee.leechers))
        }
        let large = self.outgrown.pointee
        let records = RecordArray(large.records, used: large.used, room: large.room, isLent: false)
        guard let extras = large.extras else { return PeerTable(records, leechers: large.leechers) }
        return PeerTable(
            records, leechers: large.leechers, twinSeeds: extras.pointee.twinSeeds,
            twinLeechers: extras.pointee.twinLeechers, indexes: extras.pointee.indexes)
    }

    /// The peers of IPv6, as `v4`.
    var v6: PeerTable<PeerAddressV6> { self.extras?.pointee.v6 ?? PeerTable() }

    /// Puts both tables where they belong now.
    func store(_ v4: PeerTable<PeerAddressV4>, _ v6: PeerTable<PeerAddressV6>) {
        self.store(v4, v6, mapNumber: self.mapNumber)
    }

    private func store(_ v4: PeerTable<PeerAddressV4>, _ v6: PeerTable<PeerAddressV6>, mapNumber: UInt32) {
        let keptUntil = self.keptUntil
        let extras = self.keptExtras(v4, v6, mapNumber: mapNumber)
        var records = v4.records
        // One that came back to two peers may have three again soon.
        let fits = records.isLent || records.count < TorrentEntry.ownRoom
        guard extras != nil || !fits else {
            if !records.isLent {
                if records.count > 0 { self.records.initialize(to: records[0]) }
                records.free()
            }
            self.entry.pointee.isOutgrown = false
            self.entry.pointee.used = UInt8(v4.count)
            self.entry.pointee.leechers = UInt8(v4.leechers)
            self.keptUntil = keptUntil
            return
        }
        records.own()
        self.outgrown.initialize(
            to: TorrentEntry.Outgrown(
                records: records.base, extras: extras, used: UInt32(records.count), room: records.room,
                leechers: UInt32(v4.leechers)))
        self.entry.pointee.isOutgrown = true
    }

    /// What the torrent has beside a few peers of IPv4, written down; nil where it has nothing.
    private func keptExtras(
        _ v4: PeerTable<PeerAddressV4>, _ v6: PeerTable<PeerAddressV6>, mapNumber: UInt32
    ) -> UnsafeMutablePointer<TorrentExtras>? {
        guard v6.count > 0 || v4.indexes != nil || mapNumber != 0 else {
            self.extras?.deallocate()
            return nil
        }
        let extras: UnsafeMutablePointer<TorrentExtras>
        if let present = self.extras {
            extras = present
        } else {
            extras = .allocate(capacity: 1)
            extras.initialize(to: TorrentExtras())
        }
        if v6.count > 0 || extras.pointee.v6.count > 0 { extras.pointee.v6 = v6 }
        extras.pointee.indexes = v4.indexes
        extras.pointee.twinSeeds = UInt32(v4.twinSeeds)
        extras.pointee.twinLeechers = UInt32(v4.twinLeechers)
        extras.pointee.mapNumber = mapNumber
        return extras
    }

    /// Forgets everybody and gives all memory back.
    func free() {
        var (v4, v6) = (self.v4, self.v6)
        v4.free()
        v6.free()
        self.store(v4, v6, mapNumber: 0)
    }
}
