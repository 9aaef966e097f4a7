// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What went wrong with a torrent's files: what was tried, where, why, and what to do about it.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the store was doing.
    package enum Operation: String, Hashable, Sendable {
        case openFolder = "open the folder"
        case createFolder = "create the folder"
        case createLink = "create the symbolic link"
        case open
        case extend
        case read
        case write
        case synchronise = "flush to disk"
        case examine
        case remove
        case list
        case move = "move the files to"
    }

    /// Why it failed.
    package enum Reason: Hashable, Sendable {
        /// The system refused, with this errno.
        case system(Int32)
        /// The file ends before the bytes that were wanted.
        case tooShort
        /// Something that is not a regular file is in the place of one, or not a folder in the place of a folder.
        case wrongKind
        /// Another file has taken the place of the one that was written to.
        case replaced
        /// The disk is not mounted that the payload belongs on; the path is where it should be.
        case notMounted
        /// The torrent's files were removed while the job waited.
        case closed
        /// The caller asked for bytes that the torrent does not have.
        case outOfRange
    }

    /// What the store was doing.
    package let operation: Operation
    /// Why it failed.
    package let reason: Reason
    /// The file or folder, with the download folder in front.
    package let path: String
    /// Where in the file, when that matters.
    package let offset: UInt64?

    /// States a failure.
    package init(_ operation: Operation, _ reason: Reason, path: String, offset: UInt64? = nil) {
        self.operation = operation
        self.reason = reason
        self.path = path
        self.offset = offset
    }

    /// The errno, or 0 when the system itself reported no error.
    package var errno: Int32 {
        if case .system(let code) = self.reason { code } else { 0 }
    }

    /// Whether the torrent may go on by itself once the surroundings are mended: a full disk, a missing mount, an I/O
    /// error, too many open files. The rest needs a decision.
    package var isTransient: Bool {
        switch self.reason {
        case .system(let code):
            switch code {
            case ENOSPC, EDQUOT, EIO, ENOENT, ENODEV, ENXIO, ESTALE, EMFILE, ENFILE, ENOMEM, EROFS, EAGAIN, ENOTCONN,
                ETIMEDOUT, EHOSTDOWN:
                true
            default: false
            }
        case .tooShort, .notMounted: true
        case .replaced, .wrongKind, .closed, .outOfRange: false
        }
    }

    /// Whether the process has run out of file descriptors.
    var isOutOfDescriptors: Bool { self.errno == EMFILE || self.errno == ENFILE }

    /// One sentence for people: what, where, why, what to do.
    package var description: String {
        if self.reason == .notMounted { return Self.missingDisk(at: self.path) }
        let place = self.offset.map { " at byte \($0)" } ?? ""
        return
            "cannot \(self.operation.rawValue) \(self.path)\(place): \(self.cause)\(self.advice.map { "; " + $0 } ?? "")"
    }

    private var cause: String {
        switch self.reason {
        case .system(let code): String(cString: strerror(code))
        case .tooShort: "the file is shorter than it should be"
        case .wrongKind: "something of another kind is in its place"
        case .replaced: "another file is in its place"
        case .notMounted: "its disk is not mounted"
        case .closed: "the torrent was removed"
        case .outOfRange: "the torrent has no such bytes"
        }
    }

    private var advice: String? {
        switch self.reason {
        case .system(let code): Self.advice(code, self.operation)
        case .tooShort: "verify the torrent: what is missing will be fetched again"
        case .replaced: "put the file back, or verify the torrent: what is missing will be fetched again"
        case .wrongKind: "move it away or choose another folder"
        case .notMounted, .closed, .outOfRange: nil
        }
    }

    private static func missingDisk(at mountPoint: String) -> String {
        "the disk that belongs at \(mountPoint) is not mounted, and nothing is written in its place; mount it (sudo mount "
            + "\(mountPoint)) and the torrent goes on by itself, or, if the payload is to live without that disk, say so "
            + "with swarmctl verify"
    }

    private static func advice(_ code: Int32, _ operation: Operation) -> String? {
        switch code {
        case ENOSPC, EDQUOT: "free some space; the torrent resumes by itself"
        case EACCES, EPERM: "give the daemon's user access to it"
        case EROFS: "the file system is read-only: remount it or choose another folder"
        case ENOENT: operation == .openFolder ? "create it, or mount the disk it is on" : "verify the torrent"
        case ELOOP: "a symbolic link is in the way: the store follows none below the download folder"
        case EIO: "check the disk"
        case EMFILE, ENFILE: "raise the limit of open files"
        case EFBIG: "the file system or a resource limit does not allow a file this long"
        case ENAMETOOLONG: "choose a folder with a shorter path"
        default: nil
        }
    }
}
