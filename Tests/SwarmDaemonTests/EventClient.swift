// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc

/// One end of a control socket that follows events, read by hand, so that a test decides who reads and when.
struct EventClient {
    /// The other side closed, or says nothing for longer than anything here takes.
    struct Gone: Error {}

    /// In seconds. It keeps a daemon that is silent from holding up everything.
    private static let patience = 300
    private static let head = Array(#"{"jsonrpc":"2.0","method":"events.event""#.utf8)

    let descriptor: Int32
    private var held: [UInt8] = []
    /// What stands under `time` in the events that were read: tests number them so.
    private(set) var numbers: [Int] = []
    /// The notice that the subscription is over.
    private(set) var dropped: EventsDropped?
    /// Answers that were read.
    private(set) var answers: [ControlReply] = []

    /// Connects to a socket and subscribes.
    init(_ path: String, _ params: EventsSubscribe.Params = .init()) throws {
        self.descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let outcome = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard outcome == 0 else { throw ControlError(.unreachable, "errno \(errno)") }
        self.write(try ControlRequest(EventsSubscribe.self, params, id: .number(1)).line)
    }

    func write(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { send(self.descriptor, $0.baseAddress, $0.count, 0) } }

    func close() { _ = Glibc.close(self.descriptor) }

    /// Reads once, waiting for something to read.
    mutating func read() throws {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(self.descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { throw Gone() }
        self.held += chunk[..<count]
        var start = 0
        while let end = self.lineEnd(from: start) {
            try self.take(self.held[start..<end])
            start = end + 1
        }
        self.held.removeFirst(start)
    }

    /// There are very many lines, and this is not optimised: the C library looks for their ends.
    private func lineEnd(from start: Int) -> Int? {
        self.held.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return nil }
            return memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start).map {
                UnsafeRawPointer($0) - base
            }
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>) throws {
        if line.starts(with: Self.head) {
            // It ends with `"time":17}}`.
            var number = 0
            var factor = 1
            for byte in line.dropLast(2).reversed() {
                guard (0x30...0x39).contains(byte) else { break }
                number += Int(byte - 0x30) * factor
                factor *= 10
            }
            self.numbers.append(number)
        } else if case .dropped(let notice)? = try ControlNotification(line: Array(line)) {
            self.dropped = notice
        } else {
            self.answers.append(try ControlReply(line: Array(line)))
        }
    }

    /// Reads until so many answers have come.
    mutating func read(answers count: Int) throws {
        while self.answers.count < count { try self.read() }
    }

    /// Reads until so many events have come or the subscription is over.
    mutating func read(events count: Int) throws {
        while self.numbers.count < count, self.dropped == nil { try self.read() }
    }
}
