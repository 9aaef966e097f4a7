// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Finds and reads configuration files.
enum ConfigurationFiles {
    /// Bytes that a file may have; more is surely not a configuration.
    static let sizeLimit = 1 << 20

    /// The main file and its drop-ins in the order in which they apply.
    static func read(path: String, problems: inout [ConfigurationProblem]) -> [ConfigurationSource] {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let dropIns = Self.dropIns(in: folder + "conf.d", problems: &problems)
        let main = Self.readFile(path, isDropIn: false, problems: &problems)
        return [main].compactMap(\.self) + dropIns.compactMap { Self.readFile($0, isDropIn: true, problems: &problems) }
    }

    private static func dropIns(in folder: String, problems: inout [ConfigurationProblem]) -> [String] {
        guard let stream = opendir(folder) else {
            if errno != ENOENT && errno != ENOTDIR { problems.append(Self.problem(folder, "cannot be listed", errno)) }
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".toml"), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { folder + "/" + $0 }
    }

    private static func readFile(
        _ path: String, isDropIn: Bool, problems: inout [ConfigurationProblem]
    ) -> ConfigurationSource? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            problems.append(Self.problem(path, "cannot be opened", errno))
            return nil
        }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while text.count <= Self.sizeLimit {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 {
                problems.append(Self.problem(path, "cannot be read", errno))
                return nil
            }
            if count == 0 { return ConfigurationSource(path: path, text: text, isDropIn: isDropIn) }
            text += chunk.prefix(count)
        }
        problems.append(
            ConfigurationProblem(path: path, line: 0, column: 0, message: "is larger than 1 MiB: not a configuration"))
        return nil
    }

    private static func problem(_ path: String, _ what: String, _ code: Int32) -> ConfigurationProblem {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return ConfigurationProblem(path: path, line: 0, column: 0, message: "\(what): \(reason)")
    }
}
