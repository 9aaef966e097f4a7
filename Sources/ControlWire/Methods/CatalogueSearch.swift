// SPDX-License-Identifier: Apache-2.0

/// Searches the catalogues of the configured trackers.
package enum CatalogueSearch: ControlMethod {
    /// The name on the wire.
    package static let name = "catalogue.search"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package struct Params: ControlObject {
        /// Words that must be in the name; empty lists everything.
        package var text: String
        /// At most so many; absent means 100.
        package var limit: Int?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case text
            case limit
        }

        /// Takes the fields as they are.
        package init(text: String, limit: Int? = nil) {
            self.text = text
            self.limit = limit
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// What was found.
        package var entries: [CatalogueEntry]
        /// One line for each tracker that could not be asked.
        package var failures: [String]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case entries
            case failures
        }

        /// Takes the fields as they are.
        package init(entries: [CatalogueEntry], failures: [String] = []) {
            self.entries = entries
            self.failures = failures
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.entries = try container.decode([CatalogueEntry].self, forKey: .entries)
            self.failures = try container.decodeIfPresent([String].self, forKey: .failures) ?? []
        }
    }
}
