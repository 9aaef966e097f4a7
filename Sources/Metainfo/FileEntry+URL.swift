// SPDX-License-Identifier: Apache-2.0

extension FileEntry {
    /// Its path as part of a URL, with `/` between the names: where a web seed for several files has it (BEP 19).
    package var escapedPath: String {
        self.path.map { PercentEncoding.encode($0) }.joined(separator: "/")
    }
}
