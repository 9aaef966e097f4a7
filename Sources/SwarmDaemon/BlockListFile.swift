// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SwarmEvents
import SwarmModel

/// The operator's file of addresses to keep away from.
enum BlockListFile {
    /// Bytes read at most.
    static let sizeLimit = 256 << 20

    /// Reads the file; an empty path gives a filter that blocks nobody.
    static func read(_ path: String, logger: Logger) throws -> AddressFilter {
        guard !path.isEmpty else { return AddressFilter() }
        let filter = AddressFilter(text: try Self.bytes(path))
        logger.event(
            .blockListRead, "\(filter.rangeCount) ranges of addresses are blocked, by \(path)",
            ["store.path": "\(path)", "ranges": "\(filter.rangeCount)"])
        return filter
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= Self.sizeLimit {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            guard count > 0 else { throw Self.failure(path) }
            bytes += chunk.prefix(count)
        }
        throw StartError(message: "the block list \(path) is larger than \(Self.sizeLimit >> 20) MiB")
    }

    private static func failure(_ path: String) -> StartError {
        StartError(
            message: "cannot read the block list \(path): \(String(cString: strerror(errno))); "
                + "change [peer] block_list, or make the file readable")
    }
}
