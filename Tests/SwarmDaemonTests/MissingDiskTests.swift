// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import StateStore
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct MissingDiskTests {
    @Test func `a torrent whose disk is missing at the start is suspended and writes nothing`() async throws {
        try await DaemonFixture.withFolder { folder in
            let disks = Disks()
            let disk = folder + "/down"
            disks.mount(disk)
            var hash: InfoHash?
            try await DaemonFixture.wake(in: folder, mounts: disks.table) { daemon in
                // Paused, so that nothing is made on the disk before it goes.
                let source = try await daemon.torrent(of: try daemon.payload("release"))
                hash = try await daemon.add(source, paused: true).infoHash
            }
            let infoHash = try #require(hash)
            disks.unmount(disk)
            try await DaemonFixture.wake(in: folder, mounts: disks.table) { daemon in
                _ = try await daemon.directory.resume("release")
                let suspended = try await daemon.summary(infoHash)
                #expect(suspended.state == .suspended)
                #expect(suspended.error?.contains("the disk that belongs at \(disk) is not mounted") == true)
                #expect(!DaemonFixture.exists(disk + "/release"))
                let other = try await daemon.torrent(of: try daemon.payload("other"))
                let refused = await #expect(throws: ControlError.self) { try await daemon.add(other) }
                #expect(refused?.message.contains("mount") == true)
                disks.mount(disk)
                _ = try await daemon.directory.resume("release")
                #expect(try await daemon.summary(infoHash).state == .downloading)
            }
        }
    }

    @Test func `a seed whose disk is unmounted is suspended, and seeds again with the disk`() async throws {
        try await DaemonFixture.withFolder { folder in
            let disks = Disks()
            let disk = folder + "/data"
            disks.mount(disk)
            try await DaemonFixture.wake(in: folder, mounts: disks.table) { daemon in
                let hash = try await daemon.share(try daemon.payload("release")).infoHash
                disks.unmount(disk)
                rename(disk + "/release", folder + "/hidden")
                await daemon.directory.watchDisks()
                #expect(try await daemon.summary(hash).state == .suspended)
                disks.mount(disk)
                rename(folder + "/hidden", disk + "/release")
                _ = try await daemon.directory.resume("release")
                #expect(try await daemon.summary(hash).state == .seeding)
            }
        }
    }

    @Test func `verifying accepts the folder without the disk`() async throws {
        try await DaemonFixture.withFolder { folder in
            let disks = Disks()
            disks.mount(folder + "/down")
            try await DaemonFixture.wake(in: folder, mounts: disks.table) { daemon in
                let source = try await daemon.torrent(of: try daemon.payload("release"))
                let hash = try await daemon.add(source, paused: true).infoHash
                disks.unmount(folder + "/down")
                _ = try await daemon.directory.resume("release")
                #expect(try await daemon.summary(hash).state == .suspended)
                _ = try await daemon.end(of: try await daemon.methods.verify(SelectorParams(id: "release")))
                #expect(try await daemon.summary(hash).state == .downloading)
                #expect(try await daemon.methods.services.state.torrent(hash)?.disk == "/")
            }
        }
    }
}
