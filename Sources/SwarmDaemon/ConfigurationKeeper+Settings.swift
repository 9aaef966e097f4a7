// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmConfig
import SwarmModel

extension ConfigurationKeeper {
    /// The key called `name`, or all of them: those of swarmd, then the options of the plugins that there are.
    func settings(_ name: String?) async throws(ControlError) -> ConfigGet.Result {
        let keys = if let name { [try await self.key(name)] } else { DaemonConfiguration.keys + (await self.options()) }
        return ConfigGet.Result(path: self.surroundings.path, settings: keys.map { self.setting($0) })
    }

    /// Gives a live key the value that an operator typed.
    func set(_ name: String, to text: String) async throws(ControlError) -> ConfigSetting {
        let key = try await self.key(name)
        try self.admit(key)
        do throws(SettingRefusal) {
            try await self.take(key, from: try key.changed(self.services.running.current, to: text))
        } catch {
            throw ControlError(.invalidParams, error.message)
        }
        return self.setting(key)
    }

    /// Gives a live key back what the files say.
    func unset(_ name: String) async throws(ControlError) -> ConfigSetting {
        let key = try await self.key(name)
        try self.admit(key)
        var wanted = self.services.running.current
        key.copy(self.file.value, &wanted)
        do throws(SettingRefusal) {
            try await self.take(key, from: wanted)
        } catch {
            throw ControlError(.refused, error.message)
        }
        return self.setting(key)
    }

    private func setting(_ key: SettingKey<DaemonConfiguration>) -> ConfigSetting {
        let value = key.text(in: self.services.running.current)
        let configured = key.text(in: self.file.value)
        let place = self.file.places[key.dottedName]
        let origin: ConfigOrigin = self.setLive.contains(key.dottedName) ? .live : place == nil ? .default : .file
        return ConfigSetting(
            key: key.dottedName, value: value, origin: origin, place: place?.description,
            configured: configured == value ? nil : configured, live: key.effect == .live && !Self.isForFiles(key),
            accepts: key.accepts,
            help: key.help)
    }

    /// The options of the plugins that there are. Asks the disk which these are.
    private func options() async -> [SettingKey<DaemonConfiguration>] {
        SettingKey.options(of: await self.services.strategies.surveyed().strategies)
            + self.services.running.current.watch.keys
    }

    /// The options that a plugin is given once, when the daemon starts, by their dotted names.
    func restartOptions() async -> Set<String> {
        Set(await self.options().filter { $0.effect == .restart }.map(\.dottedName))
    }

    private func key(_ name: String) async throws(ControlError) -> SettingKey<DaemonConfiguration> {
        if let key = DaemonConfiguration.key(named: name) { return key }
        let options = await self.options()
        if let key = options.first(where: { $0.dottedName == name }) { return key }
        let shown = String(name.prefix(NearestName.longest))
        let isOption = shown.count { $0 == "." } > 1
        let near =
            (isOption ? NearestName.nearest(to: shown, among: options.map(\.dottedName)) : nil)
            ?? DaemonConfiguration.nearestKey(to: shown)
        guard let near else {
            throw ControlError(
                .notFound, "no key is called \u{201C}\(shown)\u{201D}; `swarmctl config` lists them")
        }
        throw ControlError(
            .notFound, "no key is called \u{201C}\(shown)\u{201D}; did you mean \(near)?",
            candidates: [ControlCandidate(name: near)])
    }

    /// Whether a key changes in the files only, live as it is: what runs as the daemon's user is for those to say who may
    /// write them, not for everybody who may add a torrent.
    private static func isForFiles(_ key: SettingKey<DaemonConfiguration>) -> Bool { key.table == "hook" }

    private func admit(_ key: SettingKey<DaemonConfiguration>) throws(ControlError) {
        if Self.isForFiles(key) {
            throw ControlError(
                .refused,
                "\(key.dottedName) is about what runs as the daemon's user, and is changed in its files only: write "
                    + "\(key.name) into the [\(key.table)] table of \(self.place(of: key)), then `sudo systemctl reload "
                    + "swarmd`")
        }
        switch key.effect {
        case .live: return
        case .restart:
            throw ControlError(
                .refused,
                "\(key.dottedName) cannot change while swarmd runs: write \(key.name) into the [\(key.table)] table of "
                    + "\(self.place(of: key)), then `sudo systemctl restart swarmd`")
        }
    }

    private func place(of key: SettingKey<DaemonConfiguration>) -> String {
        self.file.places[key.dottedName]?.description ?? self.surroundings.path
    }
}
