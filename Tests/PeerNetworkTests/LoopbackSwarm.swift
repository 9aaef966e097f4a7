// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Logging
import Metainfo
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetwork
import PieceStore
import SwarmModel
import Swarming
import Testing

/// A torrent of random bytes in temporary folders, and peers on loopback that exchange it. Everything is real but the
/// strategies, which are the built-in ones.
final class LoopbackSwarm: Sendable {
    struct Peer: Sendable {
        let network: PeerNetwork
        let store: PieceStore
        let storage: TorrentStorage
        let handle: TorrentHandle
        let endpoint: PeerEndpoint
        let observer: RecordingObserver
        let folder: String
    }

    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let infoHash: InfoHash
    let geometry: TorrentGeometry
    let content: [UInt8]
    let layout: FileLayout
    let hashes: PieceHashes
    let root: String
    /// Of a torrent with hash trees.
    let metainfo: Metainfo?

    /// A torrent of one file with hash trees (BEP 52).
    /// A hybrid's v1 hash of `contradiction` is that of other bytes.
    init(
        kind: MetainfoBuilder.Kind, length: Int, pieceLength: UInt32, contradiction: PieceIndex? = nil, seed: UInt64 = 1
    ) throws {
        var random = SplitMix64(seed: seed)
        let content = Self.noise(length, &random)
        let builder = try MetainfoBuilder(
            name: "data", pieceLength: pieceLength, files: [.init(path: ["data"], length: UInt64(length))],
            kind: kind, isSingleFile: true)
        var hasher = FileMerkleHasher(pieceLength: pieceLength)
        hasher.update(content)
        var digests = stride(from: 0, to: length, by: Int(pieceLength)).flatMap { start in
            Array(Insecure.SHA1.hash(data: content[start..<min(length, start + Int(pieceLength))]))
        }
        if let contradiction { digests[20 * contradiction.offset] ^= 1 }
        let metainfo = try Metainfo(parsing: builder.torrent(pieceHashes: digests, merkles: [hasher.finish()]))
        self.content = content
        self.geometry = metainfo.geometry
        self.infoHash = metainfo.infoHash
        self.layout = try FileLayout(metainfo)
        self.hashes = PieceHashes(metainfo)
        self.metainfo = metainfo
        self.root = FileManager.default.temporaryDirectory.path + "/swarm-loopback-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.root, withIntermediateDirectories: true)
    }

    init(
        length: Int, pieceLength: UInt32, fileLengths: [Int]? = nil, seed: UInt64 = 1, isText: Bool = false
    ) throws {
        var random = SplitMix64(seed: seed)
        let content = isText ? Self.text(length, &random) : Self.noise(length, &random)
        let geometry = try #require(TorrentGeometry(totalLength: UInt64(length), pieceLength: pieceLength))
        var digests: [UInt8] = []
        for start in stride(from: 0, to: length, by: Int(pieceLength)) {
            digests += Insecure.SHA1.hash(data: content[start..<min(length, start + Int(pieceLength))])
        }
        var files: [FileLayout.File] = []
        var offset: UInt64 = 0
        for (index, size) in (fileLengths ?? [length]).enumerated() {
            files.append(.init(path: ["payload", "file-\(index)"], offset: offset, length: UInt64(size)))
            offset += UInt64(size)
        }
        self.content = content
        self.geometry = geometry
        self.infoHash = try #require(InfoHash(bytes: Insecure.SHA1.hash(data: digests).map { $0 }))
        self.layout = try FileLayout(files: files, geometry: geometry)
        self.hashes = .v1(digests)
        self.metainfo = nil
        self.root = FileManager.default.temporaryDirectory.path + "/swarm-loopback-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.root, withIntermediateDirectories: true)
    }

    private static func noise(_ length: Int, _ random: inout SplitMix64) -> [UInt8] {
        let words = (0..<(length + 7) / 8).map { _ in random.next() }
        return words.withUnsafeBytes { Array($0.prefix(length)) }
    }

    /// Deflates to less than half.
    private static func text(_ length: Int, _ random: inout SplitMix64) -> [UInt8] {
        let words = (0..<256).map { _ in
            (0..<3 + random.next(below: 7)).map { _ in UInt8(0x61 + random.next(below: 20)) } + [0x20]
        }
        var bytes: [UInt8] = []
        while bytes.count < length { bytes += words[Int(random.next(below: 256))] }
        return Array(bytes.prefix(length))
    }

    /// Starts a peer; with `has` its files are there and every piece is had, or only those in `have`.
    func start(
        _ name: String, has: Bool, have: Bitfield? = nil, listen: PeerEndpoint = .loopback,
        settings: PieceStore.Settings = .init(), metadata: MetadataSource? = nil,
        isPrivate: Bool = false, webSeeds: (urls: [String], files: WebSeedFiles)? = nil,
        configure: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) async throws -> Peer {
        let folder = self.root + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if has { try self.writeFiles(in: folder) }
        var random = SplitMix64(seed: UInt64(truncatingIfNeeded: name.hashValue))
        var configuration = PeerNetworkConfiguration(
            listen: [listen], peerID: PeerID(prefix: "-SM0100-", random: &random), clientName: "test")
        // Nobody is dropped because a busy machine takes its time.
        configuration.handshakePatience = .seconds(60)
        configure(&configuration)
        let store = PieceStore(settings: settings)
        let network = PeerNetwork(
            configuration: configuration, group: self.group, store: store, filter: AddressFilter(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let endpoint = try await network.listen()[0]
        let storage = TorrentStorage(store: store, layout: self.layout, hashes: self.hashes, root: folder)
        try storage.prepareBlocking()
        let observer = RecordingObserver()
        var parameters = self.parameters(
            storage, have: have ?? Bitfield(count: self.geometry.pieceCount, filled: has), observer)
        parameters.metadata = metadata
        parameters.isPrivate = isPrivate
        parameters.webSeeds = webSeeds?.urls ?? []
        parameters.webFiles = webSeeds?.files
        let handle = try await network.start(parameters)
        return Peer(
            network: network, store: store, storage: storage, handle: handle, endpoint: endpoint, observer: observer,
            folder: folder)
    }

    /// What a network must know to take part, with the built-in strategies.
    func parameters(
        _ storage: TorrentStorage, have: Bitfield, _ observer: RecordingObserver,
        strategies: any StrategyMaker = BuiltInStrategies.shared
    ) -> TorrentParameters {
        var parameters = TorrentParameters(
            infoHash: self.infoHash, geometry: self.geometry, storage: storage, have: have, seed: 1,
            strategies: strategies, observer: observer)
        if let metainfo = self.metainfo {
            parameters.infoHashV1 = metainfo.infoHashV1
            parameters.infoHashV2 = metainfo.infoHashV2
            parameters.hashTrees = HashTreeSource { HashTrees(metainfo) }
        }
        return parameters
    }

    /// The right bytes of a block.
    func bytes(of block: BlockRange) -> [UInt8] {
        let start = Int(self.geometry.offset(of: block.piece)) + Int(block.begin)
        return Array(self.content[start..<start + Int(block.length)])
    }

    func stop(_ peers: Peer..., keepingGroup: Bool = false) async throws {
        for peer in peers {
            _ = try await peer.network.stop(peer.handle)
            await peer.network.stopListening()
            peer.store.shutdown()
        }
        guard !keepingGroup else { return }
        try await self.group.shutdownGracefully()
        try FileManager.default.removeItem(atPath: self.root)
    }

    func payload(of peer: Peer) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for file in self.layout.files {
            bytes += try Data(contentsOf: URL(filePath: peer.folder + "/" + file.relativePath))
        }
        return bytes
    }

    /// Writes some pieces of a torrent of one file; the rest of it are holes.
    func writePieces(_ pieces: Bitfield, in folder: String) throws {
        let path = folder + "/" + self.layout.files[0].relativePath
        try Data().write(to: URL(filePath: path))
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: self.geometry.totalLength)
        for index in 0..<pieces.count where pieces[PieceIndex(index)] {
            let start = self.geometry.offset(of: PieceIndex(index))
            try file.seek(toOffset: start)
            let end = start + UInt64(self.geometry.length(of: PieceIndex(index)))
            try file.write(contentsOf: Data(self.content[Int(start)..<Int(end)]))
        }
        try file.close()
    }

    func writeFiles(in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder + "/payload", withIntermediateDirectories: true)
        for file in self.layout.files {
            let part = Data(self.content[Int(file.offset)..<Int(file.end)])
            try part.write(to: URL(filePath: folder + "/" + file.relativePath))
        }
    }
}

extension PeerEndpoint {
    static let loopback = PeerEndpoint(address: IPAddress(v4: 0x7f00_0001), port: 0)
}
