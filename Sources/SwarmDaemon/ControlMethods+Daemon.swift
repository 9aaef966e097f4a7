// SPDX-License-Identifier: Apache-2.0

import ControlWire
import DHT
import Discovery
import Glibc
import SwarmConfig
import SwarmModel

extension ControlMethods {
    func status() async -> DaemonStatus.Result {
        let ports = await self.services.portMapper?.status
        let figures = await self.directory.figures()
        let configuration = self.services.configuration
        return DaemonStatus.Result(
            version: DaemonIdentity.version, pid: Int(getpid()), uptime: Int(WallClock.now() - self.identity.started),
            torrents: figures.counts, loading: figures.loading, peers: figures.peers, downRate: figures.downRate,
            upRate: figures.upRate,
            downloaded: figures.downloaded, uploaded: figures.uploaded,
            listen: self.identity.listen.map(\.description), stateDir: configuration.daemon.stateDirectory,
            downloadDir: configuration.daemon.downloadDirectory,
            freeBytes: Self.freeBytes(at: configuration.daemon.downloadDirectory), residentBytes: Self.residentBytes(),
            picker: configuration.strategy.picker, choker: configuration.strategy.choker,
            trackers: configuration.discovery.tracker,
            hashTable: await self.services.hashTable?.status.map { HashTableStatus($0) },
            portMapping: ports.map { PortMappingStatus($0) })
    }

    private static func freeBytes(at path: String) -> Int? {
        var figures = statvfs()
        guard statvfs(path, &figures) == 0 else { return nil }
        return Int(
            clamping: UInt64(figures.f_bavail).multipliedReportingOverflow(by: UInt64(figures.f_frsize)).partialValue)
    }

    /// The second number of /proc/self/statm: pages that are resident (proc(5)).
    private static func residentBytes() -> Int? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}

extension HashTableStatus {
    /// The node's figures in the control protocol's words.
    fileprivate init(_ status: LocalNodeStatus) {
        self.init(
            nodes: status.nodes, nodes6: status.nodes6, searched: status.searchedTorrents,
            stored: status.storedTorrents, answered: Int(clamping: status.queriesAnswered),
            dropped: Int(clamping: status.queriesDropped))
    }
}
