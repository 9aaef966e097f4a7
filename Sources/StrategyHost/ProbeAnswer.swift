// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The other side of a `PluginProbe`: what runs in the process that tries plugin files, and the lines it answers with.
package enum ProbeAnswer {
    /// The option that stands before each path.
    static let option = "--probe-plugin"
    /// The first line.
    static let ready = "ready"
    /// A line for a file that can be loaded.
    static let sound = "sound"
    static let newline = UInt8(ascii: "\n")
    /// Bytes that one line may have.
    static let longest = 8192

    private static let descriptor: CInt = 3
    /// Seconds after which the process ends in any case, should nobody wait for it any more.
    private static let life: UInt32 = 60

    /// Loads each file, answers, and ends the program.
    package static func serve(_ paths: [String]) -> Never {
        clinux_live_briefly(Self.life)
        let output = Self.isSomewhere(Self.descriptor) ? Self.descriptor : STDOUT_FILENO
        Self.write(Self.ready, to: output)
        for path in paths {
            do throws(StrategyError) {
                _ = try LoadedPlugin(path: path)
                Self.write(Self.sound, to: output)
            } catch {
                Self.write("\(error.code.rawValue) \(error.message)", to: output)
            }
        }
        // What the plugins want to do at the end does not matter.
        _exit(0)
    }

    /// What a line says of the file at `path`.
    static func verdict(_ line: String, on path: String) -> PluginProbe.Verdict {
        if line == Self.sound { return .sound }
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let code = StrategyError.Code(rawValue: String(parts[0])) else {
            return .bad(StrategyError(code: .crashed, message: "plugin \(path) disturbed the program that loaded it"))
        }
        return .bad(StrategyError(code: code, message: String(parts[1])))
    }

    /// Whether a descriptor leads to a pipe, a file or a terminal: what the runtime opens for itself has no type.
    private static func isSomewhere(_ descriptor: CInt) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT != 0
    }

    private static func write(_ line: String, to descriptor: CInt) {
        var bytes = line.utf8.prefix(Self.longest - 1).map { $0 == Self.newline ? UInt8(ascii: " ") : $0 }
        bytes.append(Self.newline)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}
