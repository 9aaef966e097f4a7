// SPDX-License-Identifier: Apache-2.0

extension CatalogueClient {
    /// A .torrent file from any web server, unchecked.
    package func download(_ url: String) async throws(CatalogueError) -> [UInt8] {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw .unsupported("only http and https addresses can be fetched")
        }
        return try await self.ask(url, limit: Self.metainfoLimit)
    }
}
