// SPDX-License-Identifier: Apache-2.0

extension CatalogueClient {
    /// A .torrent file from any web server, unchecked but for what is a web page.
    package func download(_ url: String) async throws(DownloadError) -> [UInt8] {
        let lowered = url.lowercased()
        guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://"), TrackerURL(url) != nil else {
            throw .unsupported
        }
        let answer: HTTPAnswer
        do throws(HTTPFetchError) {
            answer = try await self.fetch(url, limit: Self.metainfoLimit)
        } catch {
            throw DownloadError(error)
        }
        guard answer.isGood else { throw .status(answer.status, url: answer.url) }
        guard !answer.body.isEmpty else { throw .empty }
        guard !answer.isWebPage else { throw .webPage(url: answer.url) }
        return answer.body
    }
}
