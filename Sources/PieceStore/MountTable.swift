// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells which file systems folders are on, and where those are mounted.
///
/// A mount point is told by its device number, which differs from that of the folder above. The kernel's list of mounts
/// would not do: in a service's sandbox every folder that it may write to is mounted there onto itself, with or without
/// a disk, but then it has the device of what it is part of.
package struct MountTable: Sendable {
    private let canonical: @Sendable (String) -> String?
    private let device: @Sendable (String) -> UInt64?
    private let openDevice: @Sendable (Int32) -> UInt64?

    /// `canonical` gives a folder's path without links, `device` the number of the file system that the folder with
    /// such a path is on, `openDevice` that of an open folder; nil where there is no such folder.
    package init(
        canonical: @escaping @Sendable (String) -> String?, device: @escaping @Sendable (String) -> UInt64?,
        openDevice: @escaping @Sendable (Int32) -> UInt64?
    ) {
        self.canonical = canonical
        self.device = device
        self.openDevice = openDevice
    }

    /// The one of this process.
    package static let system = MountTable(
        canonical: { path in
            guard let resolved = realpath(path, nil) else { return nil }
            defer { free(resolved) }
            return String(cString: resolved)
        },
        device: { path in
            var status = stat()
            // The dot has what is mounted on demand mounted now.
            return stat(path + "/.", &status) == 0 ? UInt64(status.st_dev) : nil
        },
        openDevice: { descriptor in
            var status = stat()
            return fstat(descriptor, &status) == 0 ? UInt64(status.st_dev) : nil
        })

    /// Where the file system that `folder` is on is mounted: the highest folder above it with the same device, "/" for
    /// the root file system. Nil when there is no such folder. May wait for a disk.
    package func mountPoint(of folder: String) -> String? {
        guard let path = self.canonical(folder), let device = self.device(path) else { return nil }
        var highest = path
        while let parent = Self.parent(of: highest), self.device(parent) == device { highest = parent }
        return highest
    }

    /// Whether something is mounted at a path that `mountPoint` once gave. May wait for a disk.
    package func isMounted(_ mountPoint: String) -> Bool {
        guard let parent = Self.parent(of: mountPoint) else { return true }
        guard let device = self.device(mountPoint) else { return false }
        return device != self.device(parent)
    }

    /// Whether the disk that is to be at `mountPoint` is missing, so that `folder`, which belongs on it, is not there
    /// or shows what lies beneath. A folder that leads elsewhere by now does not depend on it.
    package func isMissing(_ mountPoint: String, below folder: String) -> Bool {
        guard !self.isMounted(mountPoint) else { return false }
        guard let path = self.canonical(folder) else { return true }
        return path == mountPoint || path.hasPrefix(mountPoint + "/")
    }

    func device(of descriptor: Int32) -> UInt64? { self.openDevice(descriptor) }

    /// Nil for the root.
    private static func parent(of path: String) -> String? {
        guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
