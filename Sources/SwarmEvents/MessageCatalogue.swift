// SPDX-License-Identifier: Apache-2.0

/// All explanations in the form that `journalctl --update-catalog` compiles, so that `journalctl -x` shows them.
package enum MessageCatalogue {
    /// The whole file.
    package static var text: String {
        let head = """
            # SPDX-License-Identifier: Apache-2.0
            # What Swarm's journal records mean: swarmd --print-message-catalog


            """
        return head + EventKind.allCases.map(Self.entry).joined(separator: "\n")
    }

    private static func entry(_ kind: EventKind) -> String {
        """
        -- \(kind.messageID)
        Subject: \(kind.explanation.subject)
        Defined-By: Swarm
        Support: man:swarmd(8)

        \(kind.explanation.text)

        """
    }
}
