// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Glibc

/// The plugin as the build left it, through the interface that every host uses.
enum Library {
    /// Where the test bundle lies, or what `SWARM_UTP_LIBRARY` names.
    private static var path: String {
        if let path = getenv("SWARM_UTP_LIBRARY") { return String(cString: path) }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
        let program = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = program.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)/libswarm_transport_utp.so"
    }

    nonisolated(unsafe) static let plugin: UnsafePointer<swarm_plugin>? = {
        guard let handle = dlopen(Library.path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE),
            let symbol = dlsym(handle, "swarm_plugin_entry")
        else { return nil }
        typealias Entry = @convention(c) (UInt32) -> UnsafePointer<swarm_plugin>?
        return unsafeBitCast(symbol, to: Entry.self)(SWARM_ABI_MAJOR)
    }()

    static var isBuilt: Bool { Library.plugin != nil }
    static let functions: swarm_transport? = Library.plugin?.pointee.transport?.pointee
}
