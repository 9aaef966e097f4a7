// SPDX-License-Identifier: Apache-2.0

/// Where a torrent's bytes lie on a web seed (BEP 19, as GetRight and all since have it): each file of its own under the URL.
package struct WebSeedFiles: Sendable {
    /// A file that has bytes.
    package struct File: Sendable {
        /// Its path below the URL, escaped; nil for padding, which no server has.
        package var path: String?
        /// Where it begins in the payload.
        package var offset: UInt64
        /// Bytes in it.
        package var length: UInt64

        /// Takes everything as it is.
        package init(path: String?, offset: UInt64, length: UInt64) {
            self.path = path
            self.offset = offset
            self.length = length
        }
    }

    /// A part of one file.
    struct Span: Hashable {
        /// The file's place; nil for padding.
        var file: Int?
        /// Bytes of the file.
        var range: Range<UInt64>
    }

    private let files: [File]
    private let isSingleFile: Bool

    /// Takes the files in the order of the payload, which they fill; `isSingleFile` where there is no folder around the only
    /// one.
    package init(files: [File], isSingleFile: Bool) {
        self.files = files.filter { $0.length > 0 }
        self.isSingleFile = isSingleFile
    }

    /// The files that bytes of the payload lie in, in order.
    func spans(of range: Range<UInt64>) -> [Span] {
        var spans: [Span] = []
        var low = 0
        var high = self.files.count
        while low < high {
            let middle = (low + high) / 2
            let file = self.files[middle]
            if file.offset + file.length <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        while low < self.files.count, self.files[low].offset < range.upperBound {
            let file = self.files[low]
            let start = max(file.offset, range.lowerBound) - file.offset
            let end = min(file.offset + file.length, range.upperBound) - file.offset
            spans.append(Span(file: file.path == nil ? nil : low, range: start..<end))
            low += 1
        }
        return spans
    }

    /// Bytes of a file.
    func length(of file: Int) -> UInt64 { self.files[file].length }

    /// Where a file is on a web seed. The URL for one file is that of the file, unless it ends like a folder's.
    func url(of file: Int, at seed: String) -> String {
        let path = self.files[file].path ?? ""
        if self.isSingleFile { return seed.hasSuffix("/") ? seed + path : seed }
        return seed + (seed.hasSuffix("/") ? "" : "/") + path
    }
}
