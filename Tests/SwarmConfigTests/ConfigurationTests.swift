// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import SwarmModel
import Testing

@Suite struct ConfigurationTests {
    private func daemon(_ text: String) throws(ConfigurationError) -> DaemonConfiguration {
        try DaemonConfiguration.parse([ConfigurationSource(path: "a.toml", text: text)]).value
    }

    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try self.daemon(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `an empty file means the defaults`() throws {
        let configuration = try self.daemon("")
        #expect(configuration == DaemonConfiguration())
        #expect(configuration.peer.listen.map(\.description) == ["0.0.0.0:6881", "[::]:6881"])
        #expect(configuration.store.bufferMemory == .mebibytes(64))
        #expect(configuration.store.syncInterval == .seconds(5))
    }

    @Test func `the default file of the daemon parses to the defaults and names every key`() throws {
        let text = DaemonConfiguration.defaultText
        #expect(try self.daemon(text) == DaemonConfiguration())
        for key in DaemonConfiguration.keys {
            #expect(text.contains("\n\(key.name) = ") || text.contains("\n#\(key.name) = "), "\(key.dottedName)")
        }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `the default file of the tracker parses to the defaults and names every key`() throws {
        let text = TrackerConfiguration.defaultText
        let parsed = try TrackerConfiguration.parse([ConfigurationSource(path: "t.toml", text: text)]).value
        #expect(parsed == TrackerConfiguration())
        for key in TrackerConfiguration.keys { #expect(text.contains("\n\(key.name) = "), "\(key.dottedName)") }
    }

    @Test func `the default file says of every key what it takes, what holds otherwise, and when a change is used`() {
        let text = DaemonConfiguration.defaultText
        #expect(
            text.contains(
                """

                # How long written pieces may wait until they are made durable and recorded; after a crash what was
                # not recorded is checked again.
                # "100 ms" to "10 min". Default "5 s". Takes effect on reload.
                sync_interval = "5 s"

                """))
        #expect(text.contains("\n# 0 to 256. Default 0. Needs a restart.\nthreads = 0\n"))
        #expect(text.contains("\n# An absolute path. Unset by default. Needs a restart.\n#plugin_dir = "))
        for text in [text, TrackerConfiguration.defaultText] {
            let facts = text.split(separator: "\n").count {
                $0.hasSuffix("Takes effect on reload.") || $0.hasSuffix("Needs a restart.")
            }
            let keys = text.split(separator: "\n").count { !$0.hasPrefix("# ") && $0.contains(" = ") }
            #expect(facts == keys)
        }
    }

    @Test func `every value is remembered with its place, the last file's`() throws {
        let loaded = try DaemonConfiguration.parse([
            ConfigurationSource(path: "a.toml", text: "[peer]\nconnections = 200\nrequest_queue = 100"),
            ConfigurationSource(path: "b.toml", text: "\n[peer]\nconnections = 300"),
        ])
        #expect(
            loaded.places.mapValues(\.description) == [
                "peer.connections": "b.toml:3", "peer.request_queue": "a.toml:3",
            ])
        let problem = loaded.problem(with: "peer.connections", "too many").description
        #expect(problem == "b.toml:3:15: peer.connections: too many")
        #expect(loaded.problem(with: "log.level", "no").description == "defaults: log.level: no")
    }

    @Test func `a byte-order mark, Windows line ends and a file of comments are no trouble`() throws {
        #expect(try self.daemon("\u{FEFF}[peer]\r\nconnections = 200\r\n").peer.connections == 200)
        #expect(try self.daemon("# nothing\n   \n") == DaemonConfiguration())
    }

    @Test func `commented examples of the default file parse too`() throws {
        let text = DaemonConfiguration.defaultText.replacing("#plugin_dir", with: "plugin_dir")
        #expect(try self.daemon(text).daemon.pluginDirectory == "/usr/lib/swarm/plugins")
    }

    @Test func `every key stands in a table that is known, once`() {
        let names = DaemonConfiguration.keys.map(\.dottedName)
        #expect(Set(names).count == names.count)
        let tables = Set(DaemonConfiguration.tables.map(\.name))
        #expect(DaemonConfiguration.keys.allSatisfy { tables.contains($0.table) })
        let trackerTables = Set(TrackerConfiguration.tables.map(\.name))
        #expect(TrackerConfiguration.keys.allSatisfy { trackerTables.contains($0.table) })
    }

    @Test func `values of every type are read`() throws {
        let configuration = try self.daemon(
            """
            [daemon]
            state_dir = '/srv/state'
            allow_read = "everyone"
            threads = 4
            [peer]
            listen = ["127.0.0.1:0", "[::1]:6882"]
            encryption = "disabled"
            [discovery]
            dht = false
            tracker = ["http://t.example:6969/announce"]
            [store]
            buffer_memory = "1 GiB"
            read_cache = 33554432
            sync_interval = "250ms"
            """)
        #expect(configuration.daemon.stateDirectory == "/srv/state")
        #expect(configuration.daemon.allowRead == .everyone)
        #expect(configuration.peer.listen.map(\.description) == ["127.0.0.1:0", "[::1]:6882"])
        #expect(!configuration.discovery.dht)
        #expect(configuration.store.bufferMemory == .gibibytes(1))
        #expect(configuration.store.readCache == .mebibytes(32))
        #expect(configuration.store.syncInterval == .milliseconds(250))
    }

    @Test func `later files win key by key`() throws {
        let configuration = try DaemonConfiguration.parse([
            ConfigurationSource(path: "a.toml", text: "[peer]\nconnections = 200\nrequest_queue = 100"),
            ConfigurationSource(path: "b.toml", text: "[peer]\nconnections = 300"),
        ]).value
        #expect(configuration.peer.connections == 300)
        #expect(configuration.peer.requestQueue == 100)
    }

    @Test func `an unknown key has its place and the nearest name`() {
        #expect(
            self.problems("[peer]\nconections = 5") == [
                "a.toml:2:1: unknown key conections in [peer]; did you mean connections?"
            ])
        #expect(
            self.problems("[lgo]\n").first?.contains("a.toml:1:2: unknown table [lgo]; did you mean [log]?") == true)
        #expect(self.problems("[pear]\n").first?.contains("did you mean [peer]?") == true)
        #expect(
            self.problems("[peer]\nstate_dir = \"/x\"") == [
                "a.toml:2:1: unknown key state_dir in [peer]; it belongs in [daemon]"
            ])
        #expect(
            self.problems("level = \"info\"") == [
                "a.toml:1:1: unknown key level outside any table; it belongs in [log]"
            ])
    }

    @Test func `all problems of all files are reported at once`() {
        do throws(ConfigurationError) {
            _ = try DaemonConfiguration.parse([
                ConfigurationSource(path: "a.toml", text: "[peer]\n  connections = 0\nlisten = [\"0.0.0.0:1\", \"x\"]"),
                ConfigurationSource(path: "b.toml", text: "[log\n"),
                ConfigurationSource(path: "c.toml", text: "[wire]\ncompression = \"alway\"\n[log]\nlevel = 3"),
            ])
            Issue.record("nothing was reported")
        } catch {
            let lines = error.description.split(separator: "\n").map(String.init)
            #expect(lines.count == 5)
            #expect(lines[0] == "a.toml:2:17: peer.connections: must be 1 to 100000, found 0")
            #expect(lines[1].hasPrefix("a.toml:3:24: peer.listen: expected an address and port"))
            #expect(
                lines[2].hasPrefix("b.toml:1:5: not valid TOML: ") || lines[2].hasPrefix("b.toml:2:"), "\(lines[2])")
            #expect(lines[3].hasSuffix("did you mean \"always\"?"))
            #expect(lines[4] == "c.toml:4:9: log.level: expected a string in quotes, found an integer")
        }
    }

    @Test(arguments: [
        ("[peer]\nconnections = \"many\"", "expected an integer, found a string"),
        ("[peer]\nconnections = 1.5", "expected an integer, found a decimal number"),
        ("[peer]\nconnections = 1979-05-27", "found a date"),
        ("[peer]\nlisten = \"0.0.0.0:1\"", "expected a list in brackets, found a string"),
        ("[discovery]\ndht = 1", "expected true or false, found an integer"),
        ("[daemon]\nstate_dir = \"state\"", "expected an absolute path"),
        ("[daemon]\nstate_dir = \"\"", "expected a path, found an empty string"),
        ("[discovery]\ntracker = [\"tracker.example\"]", "expected a tracker's announce URL"),
        ("[store]\nbuffer_memory = \"64 MiBs\"", "expected a size"),
        ("[store]\nbuffer_memory = \"9999999999999 TiB\"", "out of range"),
        ("[store]\nbuffer_memory = \"1 KiB\"", "must be \"1 MiB\" to \"64 GiB\""),
        ("[store]\nsync_interval = -1", "out of range"),
        ("[store]\nsync_interval = \"soon\"", "expected a duration"),
        ("[strategy]\npicker = \"../evil\"", "expected a strategy's name"),
        (
            "[peer]\nconnections = 50",
            "a.toml:2:15: peer.connections_per_torrent: must not be more than peer.connections (50)"
        ),
        ("peer = 3", "a.toml:1:8: peer is a table: write [peer]"),
        ("[peer]\nconnections = 1\nconnections = 2", "not valid TOML"),
        ("[peer]\nlisten = \u{0}", "not valid TOML"),
    ])
    func `a bad value is refused with its reason`(text: String, reason: String) {
        let problems = self.problems(text)
        #expect(problems.count == 1)
        #expect(problems.first?.contains(reason) == true, "\(problems)")
    }

    @Test func `text that is not UTF-8 or far too deep is an error, not a crash`() {
        let broken = ConfigurationSource(path: "a.toml", text: [0x5b, 0xff, 0xfe, 0x5d])
        #expect(throws: ConfigurationError.self) { try DaemonConfiguration.parse([broken]) }
        let deep = "[peer]\nlisten = " + String(repeating: "[", count: 5_000)
        #expect(self.problems(deep).count == 1)
    }

    @Test func `sizes and durations are written as they are read`() {
        #expect(ByteCount.mebibytes(64).description == "64 MiB")
        #expect(ByteCount(bytes: 1_500).description == "1500 B")
        #expect(ByteCount(bytes: 0).description == "0 B")
        #expect(Interval.seconds(1_800).settingText == "30 min")
        #expect(Interval.seconds(90).settingText == "90 s")
        #expect(Interval.milliseconds(250).settingText == "250 ms")
        #expect(Interval.zero.settingText == "0 s")
    }

    @Test func `the tracker's rules hold across keys`() {
        let text = "[tracker]\ninterval = \"1 min\"\nmin_interval = \"2 min\"\npeer_timeout = \"30 s\""
        let source = ConfigurationSource(path: "t.toml", text: text)
        do throws(ConfigurationError) {
            _ = try TrackerConfiguration.parse([source])
            Issue.record("nothing was reported")
        } catch {
            #expect(
                error.problems.map(\.description) == [
                    "t.toml:3:16: tracker.min_interval: must not be longer than tracker.interval (1 min)",
                    "t.toml:4:16: tracker.peer_timeout: must be longer than tracker.interval (1 min)",
                ])
        }
    }
}
