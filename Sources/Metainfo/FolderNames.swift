// SPDX-License-Identifier: Apache-2.0

/// The names in use below the download folder, so that no two entries share a path and none uses another as a folder.
/// Names are compared as bytes, as the file system does.
struct FolderNames {
    private struct Key: Hashable {
        let folder: Int
        let name: [UInt8]

        init(_ folder: Int, _ name: String) {
            self.folder = folder
            self.name = Array(name.utf8)
        }
    }

    private enum Use {
        case file
        case folder(Int)
    }

    private var uses: [Key: Use] = [:]
    private var nextNumber: [Key: Int] = [:]
    private var folders = 0

    /// Takes a path for a file, renaming what is in the way: the same calls in the same order give the same names.
    mutating func place(_ path: [String]) -> [String] {
        var folder = 0
        var placed: [String] = []
        placed.reserveCapacity(path.count)
        for name in path.dropLast() {
            let (free, inner) = self.enter(name, in: folder)
            placed.append(free)
            folder = inner
        }
        if let last = path.last { placed.append(self.claim(last, in: folder)) }
        return placed
    }

    /// Whether a path names a file or a folder that has been placed.
    func contains(_ path: [String]) -> Bool {
        var folder: Int? = 0
        for name in path {
            guard let outer = folder, let use = self.uses[Key(outer, name)] else { return false }
            switch use {
            case .file: folder = nil
            case .folder(let inner): folder = inner
            }
        }
        return true
    }

    private mutating func enter(_ name: String, in folder: Int) -> (String, Int) {
        var candidate = name
        var number = 0
        while true {
            let key = Key(folder, candidate)
            switch self.uses[key] {
            case .folder(let inner): return (candidate, inner)
            case nil:
                self.folders += 1
                self.uses[key] = .folder(self.folders)
                return (candidate, self.folders)
            case .file:
                number += 1
                candidate = SafeName.numbered(name, number)
            }
        }
    }

    private mutating func claim(_ name: String, in folder: Int) -> String {
        let wanted = Key(folder, name)
        guard self.uses[wanted] != nil else {
            self.uses[wanted] = .file
            return name
        }
        var number = self.nextNumber[wanted] ?? 1
        var candidate = SafeName.numbered(name, number)
        while self.uses[Key(folder, candidate)] != nil {
            number += 1
            candidate = SafeName.numbered(name, number)
        }
        self.nextNumber[wanted] = number + 1
        self.uses[Key(folder, candidate)] = .file
        return candidate
    }
}
