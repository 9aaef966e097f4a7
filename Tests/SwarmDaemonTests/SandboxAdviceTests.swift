// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import PieceStore
import Testing

@testable import SwarmDaemon

@Suite struct SandboxAdviceTests {
    private static let unit = SandboxAdvice(isUnit: true, unit: "swarmd.service")

    @Test func `a folder that the unit may not write to is opened with ReadWritePaths`() throws {
        let advice = try #require(Self.unit.advice(for: "/srv/data", errno: EROFS))
        #expect(
            advice
                == "swarmd.service may not write there; allow it: sudo systemctl edit swarmd.service, write the lines "
                + "[Service] and ReadWritePaths=/srv/data, then sudo systemctl restart swarmd.service")
    }

    @Test(arguments: [ENOENT, EACCES, EPERM, EROFS]) func `a hidden folder is opened with BindPaths`(code: Int32) throws
    {
        for folder in ["/home/me/shared", "/root/x", "/run/user/1000/x"] {
            let advice = try #require(Self.unit.advice(for: folder, errno: code))
            #expect(advice.contains("BindPaths=\(folder)") && advice.contains("sees nothing below"))
        }
    }

    @Test func `what no sandbox can cause is left to others`() {
        #expect(Self.unit.advice(for: "/srv/data", errno: ENOENT) == nil)
        #expect(Self.unit.advice(for: "/srv/data", errno: EACCES) == nil)
        #expect(Self.unit.advice(for: "/srv/data", errno: ENOSPC) == nil)
        #expect(Self.unit.advice(for: "/homestead", errno: EACCES) == nil)
        #expect(SandboxAdvice(isUnit: false, unit: "swarmd.service").advice(for: "/srv/data", errno: EROFS) == nil)
    }

    @Test(arguments: [
        ("/srv/50% off", "ReadWritePaths=\"/srv/50%% off\","), ("/srv/a\"b", "ReadWritePaths=\"/srv/a\\\"b\","),
    ])
    func `a path is written as a unit file wants it`(folder: String, setting: String) throws {
        #expect(try #require(Self.unit.advice(for: folder, errno: EROFS)).contains(setting))
    }

    @Test func `a torrent that is suspended for it says so`() throws {
        let error = StorageError(.createFolder, .system(EROFS), path: "/srv/data/alma")
        let words = try #require(Self.unit.explanation(of: error, below: "/srv/data"))
        #expect(
            words.hasPrefix("cannot create the folder /srv/data/alma: Read-only file system; swarmd.service may not"))
        #expect(!words.contains("remount"))
        let full = StorageError(.write, .system(ENOSPC), path: "/srv/data/alma")
        #expect(Self.unit.explanation(of: full, below: "/srv/data") == nil)
    }

    @Test func `a folder that is refused names the remedy`() throws {
        do {
            _ = try PayloadFolder("/home/nobody-of-that-name", sandbox: Self.unit)
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .storage)
            #expect(error.message.contains("BindPaths=/home/nobody-of-that-name"))
        }
    }
}
