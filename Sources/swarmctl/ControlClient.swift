// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Glibc

/// The client's end of the control socket: blocking calls, one after another. Nothing but a descriptor, so that the
/// program starts in no time.
final class ControlClient {
    /// How long the daemon may take for an answer; what takes longer is a job.
    static let patience = 120

    private let path: String
    private let patience: Int
    private let descriptor: Int32
    private var framer = LineFramer(limit: 1 << 30)
    private var lastID = 0

    /// Connects to the daemon at `path`; the failure says how to start it, or which group to join.
    init(path: String, patience: Int = ControlClient.patience) throws(Failure) {
        self.path = path
        self.patience = patience
        self.descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard self.descriptor >= 0 else { throw Self.unreachable(path, errno) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(self.descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        try Self.connect(self.descriptor, path)
    }

    deinit { close(self.descriptor) }

    /// Calls a method and gives its result as JSON text.
    func callForText<Method: ControlMethod>(
        _ method: Method.Type, _ params: Method.Params
    ) throws(Failure) -> [UInt8] {
        self.lastID += 1
        let id = RequestID.number(self.lastID)
        do throws(ControlError) {
            let line = try ControlRequest(method, params, id: id).line
            guard line.count <= ControlProtocol.maximumLine else {
                throw ControlError(.invalidParams, "the request has more than \(ControlProtocol.maximumLine) bytes")
            }
            self.pending = line
        } catch { throw .refused(error) }
        try self.send(self.pending)
        while true {
            let reply = try self.receive()
            // A line that could not be understood is answered with null.
            guard reply.id == id || reply.id == .null else { continue }
            do throws(ControlError) { return try reply.outcome.get() } catch { throw .refused(error) }
        }
    }

    /// Subscribes, and calls `body` with each event until it says stop; waits for them as long as it takes. Throws when
    /// the daemon refuses, drops the subscription or goes away.
    func follow(
        _ params: EventsSubscribe.Params, _ body: (EventStatus) throws(Failure) -> Bool
    ) throws(Failure) {
        _ = try self.call(EventsSubscribe.self, params)
        var forever = timeval(tv_sec: 0, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &forever, socklen_t(MemoryLayout<timeval>.size))
        while true {
            let line = try self.receiveLine()
            let notification: ControlNotification?
            do throws(ControlError) {
                notification = try ControlNotification(line: line)
            } catch {
                throw .refused(ControlError(.internalError, "swarmd tells of events in another way: \(error.message)"))
            }
            switch notification {
            case .event(let event): guard try body(event) else { return }
            case .dropped(let notice): throw .refused(ControlError(.expired, notice.message))
            case nil: continue
            }
        }
    }

    /// Calls a method and gives its result by type.
    func call<Method: ControlMethod>(_ method: Method.Type, _ params: Method.Params) throws(Failure) -> Method.Result {
        try Self.decode(Method.Result.self, try self.callForText(method, params))
    }

    /// Reads a result by type.
    static func decode<Result: ControlObject>(_ type: Result.Type, _ text: [UInt8]) throws(Failure) -> Result {
        do throws(ControlError) {
            return try JSONCoding.decode(type, from: text)
        } catch {
            throw .refused(ControlError(.internalError, "swarmd gave an answer of another version: \(error.message)"))
        }
    }

    private var pending: [UInt8] = []

    private func send(_ line: [UInt8]) throws(Failure) {
        var done = 0
        while done < line.count {
            let count = line[done...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                done += count
            } else if errno == EPIPE || errno == ECONNRESET {
                return  // The daemon may have said why before it closed.
            } else if errno != EINTR {
                throw self.brokenOff()
            }
        }
    }

    private func receive() throws(Failure) -> ControlReply {
        let line = try self.receiveLine()
        do throws(ControlError) { return try ControlReply(line: line) } catch { throw .refused(error) }
    }

    private func receiveLine() throws(Failure) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            switch self.framer.next() {
            case .line(let line): return line
            case .oversized:
                throw .unreachable("\(Self.daemon(at: self.path)) at \(self.path) sends a line without an end")
            case nil: break
            }
            let count = recv(self.descriptor, &chunk, chunk.count, 0)
            if count > 0 {
                self.framer.receive(chunk[..<count])
            } else if count == 0 {
                throw .unreachable(
                    "\(Self.daemon(at: self.path)) at \(self.path) closed the connection; `journalctl -u \(Self.daemon(at: self.path))` may say why"
                )
            } else if errno != EINTR {
                throw self.brokenOff()
            }
        }
    }

    private func brokenOff() -> Failure {
        errno == EAGAIN
            ? .unreachable("\(Self.daemon(at: self.path)) at \(self.path) does not answer (waited \(self.patience) s)")
            : .unreachable("\(Self.daemon(at: self.path)) at \(self.path): \(String(cString: strerror(errno)))")
    }

    private static func connect(_ descriptor: Int32, _ path: String) throws(Failure) {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .usage("the socket path must have 1 to 107 bytes: \(path)")
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard outcome == 0 else { throw Self.unreachable(path, errno) }
    }

    /// Whose socket it is, as far as its name tells.
    private static func daemon(at path: String) -> String {
        path.hasSuffix("/trackerd.sock") ? "swarm-trackerd" : "swarmd"
    }

    private static func unreachable(_ path: String, _ number: Int32) -> Failure {
        let reason = "cannot reach \(Self.daemon(at: path)) at \(path): \(String(cString: strerror(number)))"
        switch number {
        case EACCES, EPERM:
            let group = ControlProtocol.defaultGroup
            return .unreachable(
                "\(reason); members of the group \(group) may use it: `sudo usermod -aG \(group) $USER`, then log in "
                    + "again")
        case ENOENT, ECONNREFUSED:
            return .unreachable(
                "\(reason); start it with `systemctl start \(Self.daemon(at: path))`, or name its socket with --socket or "
                    + ControlProtocol.socketVariable)
        default: return .unreachable(reason)
        }
    }
}
