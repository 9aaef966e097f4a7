// SPDX-License-Identifier: Apache-2.0

/// Keeps the line that `systemctl status` shows up to date.
package struct StatusLine: Sendable {
    /// Time between two looks.
    private static let pause = Duration.seconds(5)

    private let notifier: ServiceNotifier
    private let text: @Sendable () async -> String

    /// `text` is asked every few seconds and gives the line.
    package init(notifier: ServiceNotifier, text: @escaping @Sendable () async -> String) {
        self.notifier = notifier
        self.text = text
    }

    /// Goes on until the task is cancelled; at once over when nobody listens.
    package func run() async {
        guard self.notifier.isEnabled else { return }
        var shown: String?
        while !Task.isCancelled {
            let text = await self.text()
            if text != shown { self.notifier.status(text) }
            shown = text
            do {
                try await Task.sleep(for: Self.pause)
            } catch {
                return
            }
        }
    }
}
