// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Metainfo

/// Lists what a shared file or folder holds: every file, hidden and empty ones too, and symbolic links. Empty folders
/// are not listed, for torrents have none.
///
/// A link that stays in the folder is kept as a link, whether or not its target exists. One that leads out is refused,
/// or, when it is wished so and it leads to a file, shared as that file.
struct SharedFolderWalk {
    /// Folders in each other, at most; torrents allow no more either.
    private static let depthLimit = 128

    /// The shared file or folder, absolute and without links.
    private let top: String
    private let followsLinks: Bool
    private var files: [SharedFile] = []

    /// Lists `top`, an absolute path without links. The paths in the result begin below it; for a single file the path is
    /// its name.
    static func files(of top: String, followsLinks: Bool) throws(CreationError) -> (files: [SharedFile], isFile: Bool) {
        var walk = SharedFolderWalk(top: top, followsLinks: followsLinks)
        var status = stat()
        guard lstat(top, &status) == 0 else { throw CreationError(.unreadable(errno: errno), path: top) }
        if status.st_mode & S_IFMT == S_IFDIR {
            try walk.list([])
            return (walk.files, false)
        }
        let name = String(top[top.index(after: top.lastIndex(of: "/") ?? top.startIndex)...])
        try walk.add([name], at: top, status)
        return (walk.files, true)
    }

    private init(top: String, followsLinks: Bool) {
        self.top = top
        self.followsLinks = followsLinks
    }

    private func absolute(_ path: [String]) -> String {
        path.isEmpty ? self.top : (self.top == "/" ? "" : self.top) + "/" + path.joined(separator: "/")
    }

    private mutating func list(_ folder: [String]) throws(CreationError) {
        guard folder.count < Self.depthLimit else { throw CreationError(.tooDeep, path: self.absolute(folder)) }
        for name in try self.names(in: folder) {
            let path = folder + [name]
            var status = stat()
            guard lstat(self.absolute(path), &status) == 0 else {
                // Gone since it was listed.
                if errno == ENOENT { continue }
                throw CreationError(.unreadable(errno: errno), path: self.absolute(path))
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                try self.list(path)
            } else {
                try self.add(path, at: self.absolute(path), status)
            }
        }
    }

    /// The names in a folder, sorted by their bytes.
    private func names(in folder: [String]) throws(CreationError) -> [String] {
        let path = self.absolute(folder)
        guard let directory = opendir(path) else { throw CreationError(.unreadable(errno: errno), path: path) }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            // The record is only as long as its name: no copy of the whole struct may be made.
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let bytes = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
            guard let name = String(validatingCString: bytes) else {
                throw CreationError(.nameNotUTF8, path: path + "/" + String(cString: bytes))
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw CreationError(.unreadable(errno: errno), path: path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func add(_ path: [String], at source: String, _ status: stat) throws(CreationError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            let attributes: FileAttributes = status.st_mode & S_IXUSR != 0 ? .executable : []
            let file = MetainfoBuilder.File(path: path, length: UInt64(status.st_size), attributes: attributes)
            self.files.append(SharedFile(file, source: source, status))
        case S_IFLNK: try self.addLink(path, at: source, status)
        default: throw CreationError(.notAFile, path: source)
        }
    }

    private mutating func addLink(_ path: [String], at source: String, _ status: stat) throws(CreationError) {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { readlink(source, $0, bytes.count) } ?? -1
        }
        guard count >= 0 else { throw CreationError(.unreadable(errno: errno), path: source) }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw CreationError(.nameNotUTF8, path: source)
        }
        if let target = self.inside(text, from: path) {
            let file = MetainfoBuilder.File(path: path, length: 0, symlinkTarget: target)
            self.files.append(SharedFile(file, source: source, status))
            return
        }
        var followed = stat()
        guard self.followsLinks, let real = Self.realPath(source), stat(real, &followed) == 0,
            followed.st_mode & S_IFMT == S_IFREG
        else { throw CreationError(.linkLeadsOut(target: text), path: source) }
        try self.add(path, at: real, followed)
    }

    /// Where a link leads, from the shared folder down; nil when that is outside, or the folder itself.
    private func inside(_ text: String, from path: [String]) -> [String]? {
        var names: [String]
        if text.hasPrefix("/") {
            guard text.utf8.starts(with: (self.top + "/").utf8) else { return nil }
            names = []
        } else {
            names = Array(path.dropLast())
        }
        let rest = text.hasPrefix("/") ? text.dropFirst(self.top.count) : text[...]
        for name in rest.split(separator: "/") {
            switch name {
            case ".": continue
            case "..": if names.popLast() == nil { return nil }
            default: names.append(String(name))
            }
        }
        return names.isEmpty ? nil : names
    }

    /// The absolute path without links that a path leads to; nil with errno set when there is nothing.
    static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(validatingCString: real)
    }
}
