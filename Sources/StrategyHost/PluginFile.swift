// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file that is about to be loaded: the checks that come before the dynamic linker sees it.
struct PluginFile {
    private static let headerSize = 64
    private static let segmentSize = 56
    private static let loadSegment: UInt32 = 1

    let path: String

    /// The file must be a whole 64-bit ELF shared object: the linker maps one that was cut short, and dies of it. It must
    /// belong to root or to the user of this process, and not everybody may write to it. When `trusted`, it and its folder
    /// must belong to root and be writable by nobody else.
    func check(trusted: Bool) throws(StrategyError) -> FileIdentity {
        let descriptor = open(self.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw self.error(.notLoadable, "cannot be read: \(Self.reason())") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw self.error(.notLoadable, "is not a file")
        }
        if trusted { try self.checkOwners(status) } else { try self.checkOwner(status) }
        try self.checkShape(descriptor, size: UInt64(max(status.st_size, 0)))
        return FileIdentity(status)
    }

    private func checkOwner(_ status: stat) throws(StrategyError) {
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw self.error(
                .notTrusted, "belongs to user \(status.st_uid), neither to root nor to the user that would load it")
        }
        guard status.st_mode & 0o002 == 0 else {
            throw self.error(.notTrusted, "may be written by everybody; chmod o-w it to have it loaded")
        }
    }

    private func checkOwners(_ status: stat) throws(StrategyError) {
        guard status.st_uid == 0 else {
            throw self.error(
                .notTrusted, "belongs to user \(status.st_uid), not to root; chown root it to have it loaded")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw self.error(.notTrusted, "may be written by others than root; chmod go-w it to have it loaded")
        }
        var folder = stat()
        let parent = self.path.lastIndex(of: "/").map { String(self.path[..<$0]) } ?? "."
        guard stat(parent.isEmpty ? "/" : parent, &folder) == 0, folder.st_uid == 0, folder.st_mode & 0o022 == 0 else {
            throw self.error(
                .notTrusted, "lies in a folder that others than root may write to; chown root and chmod go-w it")
        }
    }

    private func checkShape(_ descriptor: CInt, size: UInt64) throws(StrategyError) {
        let header = Self.read(descriptor, count: Self.headerSize, at: 0)
        guard header.count == Self.headerSize, header.starts(with: [0x7f, 0x45, 0x4c, 0x46]), header[4] == 2,
            header[5] == 1
        else { throw self.error(.notLoadable, "is not a 64-bit ELF shared object") }
        guard Self.number(header, 16, 2) == 3 else { throw self.error(.notLoadable, "is not a shared object") }
        let table = Self.number(header, 32, 8)
        let count = Int(Self.number(header, 56, 2))
        let bytes = table <= size ? Self.read(descriptor, count: count * Self.segmentSize, at: off_t(table)) : []
        guard count > 0, bytes.count == count * Self.segmentSize else { throw self.cutShort() }
        for base in stride(from: 0, to: bytes.count, by: Self.segmentSize) {
            guard Self.number(bytes, base, 4) == UInt64(Self.loadSegment) else { continue }
            let (end, overflow) = Self.number(bytes, base + 8, 8)
                .addingReportingOverflow(Self.number(bytes, base + 32, 8))
            guard !overflow, end <= size else { throw self.cutShort() }
        }
    }

    private func cutShort() -> StrategyError { self.error(.notLoadable, "is cut short; install it again") }

    private func error(_ code: StrategyError.Code, _ what: String) -> StrategyError {
        StrategyError(code: code, message: "plugin \(self.path) \(what)")
    }

    private static func read(_ descriptor: CInt, count: Int, at offset: off_t) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, count, offset))
        }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
