// SPDX-License-Identifier: Apache-2.0

import Glibc
import RedisClient
import SwarmConfig
import TrackerCore
import TrackerServer

extension ClusterConfiguration {
    /// What `[cluster]` says; nil for a tracker of its own. Throws what is wrong, in a line.
    init?(_ settings: ClusterSettings) throws(TrackerServerError) {
        guard !settings.redis.isEmpty else { return nil }
        guard let redis = RedisAddress(settings.redis) else {
            throw TrackerServerError("cluster.redis: not the address of a Redis server: \(settings.redis)")
        }
        let name = settings.name.isEmpty ? Self.hostName : settings.name
        guard !name.isEmpty else { throw TrackerServerError("cluster.name: this machine has no name; give one here") }
        self.init(redis: redis, node: ClusterNode(name: name, authority: settings.advertise))
        self.prefix = settings.prefix
        self.lists = Set(settings.lists.compactMap { List(rawValue: $0) })
        if !settings.passwordFile.isEmpty { self.password = try Self.password(settings.passwordFile) }
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func password(_ path: String) throws(TrackerServerError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TrackerServerError(
                "cluster.password_file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &bytes, bytes.count)
        let line = bytes.prefix(max(count, 0)).prefix { $0 != 0x0a && $0 != 0x0d }
        guard !line.isEmpty else {
            throw TrackerServerError("cluster.password_file \(path) has no password in its first line")
        }
        return String(decoding: line, as: UTF8.self)
    }
}
