// SPDX-License-Identifier: Apache-2.0

import CLinux
import ControlWire
import Glibc
import NIOPosix
import SwarmModel

/// One run of the operator's command.
struct HookRun: Sendable {
    /// Of the daemon's own environment the command gets these.
    private static let inherited = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ"]
    /// A shell's exit status where what a script names is not there.
    private static let notFound: Int32 = 127
    /// Exit codes are smaller; what is larger is a signal.
    private static let signalBase: Int32 = 256
    private static let shortestPause = Duration.milliseconds(2)
    private static let longestPause = Duration.milliseconds(50)
    /// Bytes read at once.
    private static let chunk = 16 << 10

    let command: String
    let event: EventStatus
    /// The daemon's control socket, for a command that uses swarmctl.
    let socket: String
    let timeout: Interval

    /// Runs it to its end, and hands out the lines that it prints; gives what went wrong, in a sentence. Where the task is
    /// cancelled the command is killed.
    func run(_ line: @Sendable (String) -> Void) async -> String? {
        let (process, descriptor) = await self.start()
        guard process > 0 else {
            return "\(self.command) could not be started: \(String(cString: strerror(-process)))"
        }
        defer { close(descriptor) }
        var output = HookOutput()
        let deadline = ContinuousClock.now + .nanoseconds(self.timeout.nanoseconds)
        var pause = Self.shortestPause
        while clinux_command_has_ended(process) == 0 {
            Self.read(descriptor, &output).forEach(line)
            guard ContinuousClock.now < deadline, !Task.isCancelled else {
                _ = clinux_command_end(process)
                output.finish().forEach(line)
                return Task.isCancelled
                    ? "\(self.command) was killed: the daemon stops"
                    : "\(self.command) was killed: it took longer than hook.timeout allows"
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
        let end = clinux_command_end(process)
        Self.read(descriptor, &output).forEach(line)
        output.finish().forEach(line)
        return self.words(for: end)
    }

    /// Variables of the command's environment. A NUL cannot be in any of them.
    var environment: [String] {
        var variables = Self.inherited.compactMap { name in
            getenv(name).map { (name, String(cString: $0)) }
        }
        variables += [
            ("SWARM_EVENT", self.event.event), ("SWARM_MESSAGE", self.event.message), ("SWARM_LEVEL", self.event.level),
            ("SWARM_TIME", "\(self.event.time)"), ("SWARM_CURSOR", self.event.cursor),
            ("SWARM_TORRENT", self.event.infoHash?.description ?? ""), ("SWARM_TORRENT_NAME", self.event.name ?? ""),
            ("SWARM_SOCKET", self.socket),
        ]
        let given = Set(variables.map(\.0))
        for (key, value) in self.event.details.sorted(by: { $0.key < $1.key }) {
            guard let name = Self.variable(key), !given.contains(name) else { continue }
            variables.append((name, value))
        }
        return variables.map { name, value in "\(name)=\(value.filter { $0 != "\0" })" }
    }

    /// What a fact of an event is called: as in the journal. Nil for one whose name does not do.
    static func variable(_ key: String) -> String? {
        var name = "SWARM_"
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): name.unicodeScalars.append(Unicode.Scalar(byte - 32))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): name += "_"
            default: return nil
            }
        }
        return key.isEmpty ? nil : name
    }

    /// On a thread that may wait: the program may lie on a slow disk.
    private func start() async -> (process: pid_t, descriptor: Int32) {
        await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in
                var descriptor: Int32 = -1
                let process = Self.withCStrings([self.command, self.event.event]) { words in
                    Self.withCStrings(self.environment) { clinux_command_start(self.command, words, $0, &descriptor) }
                }
                continuation.resume(returning: (process, descriptor))
            }
        }
    }

    private static func read(_ descriptor: Int32, _ output: inout HookOutput) -> [String] {
        var lines: [String] = []
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        // Not for ever: one that prints faster than this reads would never be looked at.
        for _ in 0..<64 {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            guard count > 0 else { break }
            lines += output.take(bytes[..<count])
        }
        return lines
    }

    private func words(for end: Int32) -> String? {
        switch end {
        case 0: nil
        case Self.notFound: "\(self.command) failed with exit status \(end): a program that it uses is not there"
        case Self.signalBase...: "\(self.command) was ended by signal \(end - Self.signalBase)"
        default: "\(self.command) failed with exit status \(end)"
        }
    }

    private static func withCStrings<Result>(
        _ words: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = words.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
            return body(base)
        }
    }
}
