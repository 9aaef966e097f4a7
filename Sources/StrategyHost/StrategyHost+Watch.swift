// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmEvents

extension StrategyHost {
    /// A call to a plugin does not come back, or has after all. Such a plugin cannot be stopped, only kept out the next time:
    /// the service manager's watchdog ends the daemon, whose loop it holds up, and starts it again. Called from a thread
    /// that no plugin holds up.
    func note(_ news: CallWatch.News) {
        switch news {
        case .held(let call):
            guard let plugin = self.plugin(numbered: call.plugin) else { return }
            let isKept = plugin.file.flatMap { self.quarantine?.add(plugin.path, $0) } ?? false
            let next =
                isKept
                ? "it stays off from the next start on, until its file is replaced"
                : "choose another in the configuration, then restart swarmd"
            self.logger.event(
                .strategyHeld,
                """
                the \(plugin.kind) \(plugin.name) has not come back from a call for \(CallWatch.patience) s and holds up \
                thread \(call.thread); \(next)
                """, Self.fields(plugin, call))
        case .returned(let call, let looks):
            guard let plugin = self.plugin(numbered: call.plugin) else { return }
            if let file = plugin.file { _ = self.quarantine?.remove(plugin.path, file) }
            self.logger.event(
                .strategyHeld, at: .notice,
                "the \(plugin.kind) \(plugin.name) has come back from a call after \(looks) s; it goes on",
                Self.fields(plugin, call))
        }
    }

    private static func fields(_ plugin: LoadedPlugin, _ call: CallWatch.Call) -> Logger.Metadata {
        [
            "strategy.name": "\(plugin.name)", "strategy.kind": "\(plugin.kind)", "strategy.path": "\(plugin.path)",
            "thread": "\(call.thread)",
        ]
    }
}
