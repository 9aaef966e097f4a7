// SPDX-License-Identifier: Apache-2.0

import Glibc
import PieceStore
import Systemd

/// What to do when the sandbox of the daemon's unit keeps it from a folder. Inside the sandbox a forbidden folder looks
/// like one on a disk that is read-only, or like one that is not there, and nobody who is told only that would guess.
struct SandboxAdvice: Sendable {
    /// Whether the process belongs to a unit, which may have a sandbox.
    let isUnit: Bool
    /// The unit, as `systemctl edit` wants it.
    let unit: String

    /// Folders that `ProtectHome=` hides from a service.
    private static let hidden = ["/home", "/root", "/run/user"]

    /// That of this process.
    static let ofThisProcess = SandboxAdvice(
        isUnit: Supervision.ofThisProcess().isUnit, unit: UnitName.ofThisProcess() ?? "swarmd.service")

    /// What to do about `folder`, with which a call failed for this reason; nil when no sandbox can be the cause.
    func advice(for folder: String, errno code: Int32) -> String? {
        guard self.isUnit, folder.hasPrefix("/") else { return nil }
        let isHidden = Self.hidden.contains { folder == $0 || folder.hasPrefix($0 + "/") }
        switch code {
        case ENOENT where isHidden, EACCES where isHidden, EPERM where isHidden, EROFS where isHidden:
            return "\(self.unit) sees nothing below \(Self.home(of: folder)); if the folder is there, "
                + self.remedy("BindPaths=\(Self.quoted(folder))")
        case EROFS:
            return "\(self.unit) may not write there; " + self.remedy("ReadWritePaths=\(Self.quoted(folder))")
        default: return nil
        }
    }

    /// What went wrong with a torrent below `folder`, with this advice in place of the store's; nil when no sandbox can be
    /// the cause.
    func explanation(of error: StorageError, below folder: String) -> String? {
        guard let advice = self.advice(for: folder, errno: error.errno) else { return nil }
        return "cannot \(error.operation.rawValue) \(error.path): \(String(cString: strerror(error.errno))); \(advice)"
    }

    private func remedy(_ setting: String) -> String {
        "allow it: sudo systemctl edit \(self.unit), write the lines [Service] and \(setting), "
            + "then sudo systemctl restart \(self.unit)"
    }

    private static func home(of folder: String) -> String {
        Self.hidden.first { folder == $0 || folder.hasPrefix($0 + "/") } ?? folder
    }

    /// As a unit file wants a path: `%` begins a specifier, and what has spaces is quoted.
    private static func quoted(_ path: String) -> String {
        let escaped = path.replacing("%", with: "%%")
        guard escaped.contains(where: { " \t\"\\'".contains($0) }) else { return escaped }
        return "\"" + escaped.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
