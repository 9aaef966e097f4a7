// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes the default download folder, or that of incomplete torrents, when it is missing. Other folders are the operator's to make: a missing one may be
/// a disk that is not mounted.
enum DownloadFolderMaker {
    static func make(_ path: String, _ key: String = "[daemon] download_dir") throws {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        let reason = String(cString: strerror(errno))
        throw StartError(
            message: "cannot make the download folder \(path): \(reason); change \(key), or make it")
    }
}
