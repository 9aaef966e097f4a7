// SPDX-License-Identifier: Apache-2.0

import CRedis
import Glibc

/// A connection to a Redis server, for one thread that may wait: each call takes at most the time limit for the server to
/// go on. Once a call has failed the connection is of no use any more.
package final class RedisConnection {
    /// How long the server may be silent.
    private static let patience = timeval(tv_sec: 2, tv_usec: 0)

    private let context: UnsafeMutablePointer<redisContext>

    /// Connects, and shows the password where there is one.
    package init(_ address: RedisAddress, password: String? = nil) throws(RedisError) {
        // The library writes without MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
        let made =
            switch address {
            case .tcp(let host, let port): redisConnectWithTimeout(host, Int32(port), Self.patience)
            case .socket(let path): redisConnectUnixWithTimeout(path, Self.patience)
            }
        guard let context = made else { throw RedisError("there is no memory for a connection") }
        self.context = context
        guard context.pointee.err == 0, redisSetTimeout(context, Self.patience) == REDIS_OK else { throw self.failure }
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
        guard let password else { return }
        for case .failure(let why) in try self.run([RedisCommand("AUTH", password)]) {
            throw RedisError("the password is refused: \(why)")
        }
    }

    deinit {
        redisFree(self.context)
    }

    /// Sends commands in one go and returns their answers in the same order. A command that the server refuses is an
    /// answer, too.
    package func run(_ commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
        for command in commands {
            guard Self.append(command, to: self.context) == REDIS_OK else { throw self.failure }
        }
        var replies: [RedisReply] = []
        replies.reserveCapacity(commands.count)
        for _ in commands {
            var reply: UnsafeMutableRawPointer?
            guard redisGetReply(self.context, &reply) == REDIS_OK, let reply else { throw self.failure }
            replies.append(Self.value(reply.assumingMemoryBound(to: redisReply.self)))
            freeReplyObject(reply)
        }
        return replies
    }

    private var failure: RedisError {
        let text = withUnsafeBytes(of: self.context.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(text.isEmpty ? "the connection broke" : text)
    }

    private static func append(_ command: RedisCommand, to context: UnsafeMutablePointer<redisContext>) -> Int32 {
        // One array of all bytes, so that there is one pointer to hold still.
        let joined = command.words.flatMap(\.self) + [0]
        let lengths = command.words.map(\.count)
        return joined.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return REDIS_ERR }
            var starts: [UnsafePointer<CChar>?] = []
            var offset = 0
            for length in lengths {
                starts.append(base + offset)
                offset += length
            }
            return redisAppendCommandArgv(context, Int32(starts.count), &starts, lengths)
        }
    }

    private static func value(_ reply: UnsafeMutablePointer<redisReply>) -> RedisReply {
        let reply = reply.pointee
        switch reply.type {
        case REDIS_REPLY_INTEGER: return .number(reply.integer)
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: return .bytes(Self.bytes(reply))
        case REDIS_REPLY_ERROR: return .failure(String(decoding: Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            guard let elements = reply.element else { return .list([]) }
            return .list((0..<reply.elements).map { elements[$0].map(Self.value) ?? .nothing })
        default: return .nothing
        }
    }

    private static func bytes(_ reply: redisReply) -> [UInt8] {
        guard let start = reply.str else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: reply.len))
    }
}
