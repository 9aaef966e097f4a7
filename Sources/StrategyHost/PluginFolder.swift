// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A place where plugins may lie, and how files are called there.
struct PluginFolder: Hashable, Sendable {
    let path: String
    /// Whether files of the build tree's names only are taken (`libswarm_picker_rarest_first.so`).
    let isBuildTree: Bool

    /// Where the package installs plugins.
    static let installed = PluginFolder(path: "/usr/lib/swarm/plugins", isBuildTree: false)

    /// The folder of the running program, where the build leaves plugins; nil when it cannot be told.
    static func ofExecutable() -> PluginFolder? {
        guard let path = Self.executable(), let slash = path.lastIndex(of: "/") else { return nil }
        return PluginFolder(path: String(path[..<slash]), isBuildTree: true)
    }

    /// The running program's file, with ` (deleted)` behind its name when another has taken its place.
    static func executable() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The file that would hold a plugin, if it exists.
    func file(of kind: StrategyKind, named name: String) -> String? {
        let built = "libswarm_\(kind)_" + String(name.map { $0 == "-" ? "_" : $0 }) + ".so"
        let names = self.isBuildTree ? [built] : [name + ".so", built]
        return names.map { self.path + "/" + $0 }.first { access($0, F_OK) == 0 }
    }

    /// Every file that may be a plugin, in order of name; nothing when there is no such folder.
    func files() -> [String] {
        guard let directory = opendir(self.path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".so"), !self.isBuildTree || name.hasPrefix("libswarm_") else { continue }
            names.append(name)
        }
        return names.sorted().map { self.path + "/" + $0 }
    }
}
