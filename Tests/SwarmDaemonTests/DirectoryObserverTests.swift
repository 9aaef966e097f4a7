// SPDX-License-Identifier: Apache-2.0

import Logging
import PieceStore
import SwarmModel
import Synchronization
import Testing

@testable import SwarmDaemon

@Suite struct DirectoryObserverTests {
    private final class Records: Sendable {
        let events = Mutex<[LogEvent]>([])
    }

    private struct Handler: LogHandler {
        let records: Records
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(records: Records) {
            self.records = records
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) { self.records.events.withLock { $0.append(event) } }
    }

    @Test func `what happens to a torrent is logged with its name, its id and the reason`() throws {
        let records = Records()
        let observer = DirectoryObserver(
            name: "alma", folder: "/srv", logger: Logger(label: "test") { _ in Handler(records: records) }
        ) { _, _ in }
        let (hash, peer) = (InfoHash(Bytes20(high: 1, middle: 2, low: 3)), try #require(PeerEndpoint("1.2.3.4:5")))
        observer.torrent(hash, suspendedBy: StorageError(.write, .system(28), path: "/srv/alma"))
        observer.torrentResumed(hash)
        observer.torrent(hash, hashFailedFor: PieceIndex(7), culprits: [peer])
        observer.torrent(hash, banned: peer, reason: "lies")
        let events = records.events.withLock { $0 }
        #expect(
            events.map { "\($0.metadata?["event"] ?? "")" } == [
                "torrent-suspended", "torrent-resumed", "piece-hash-failed", "peer-banned",
            ])
        for event in events {
            #expect(event.metadata?["torrent.id"] == "\(hash)")
            #expect(event.metadata?["torrent.name"] == "alma")
        }
        #expect("\(events[0].message)".contains("alma") && "\(events[0].message)".contains("No space left"))
        #expect(events[2].metadata?["piece.index"] == "7" && events[2].metadata?["peers"] == "1.2.3.4:5")
        #expect(events[3].metadata?["peer.address"] == "1.2.3.4:5" && events[3].metadata?["reason"] == "lies")
    }
}
