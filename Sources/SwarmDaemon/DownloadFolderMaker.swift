// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes the default download folder when it is missing. Other folders are the operator's to make: a missing one may be
/// a disk that is not mounted.
enum DownloadFolderMaker {
    static func make(_ path: String) throws {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        let reason = String(cString: strerror(errno))
        throw StartError(
            message: "cannot make the download folder \(path): \(reason); change [daemon] download_dir, or make it")
    }
}
