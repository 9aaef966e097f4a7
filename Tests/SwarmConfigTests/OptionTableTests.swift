// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import Testing

@Suite struct OptionTableTests {
    private func load(
        _ text: String, dropIn: String = ""
    ) throws(ConfigurationError) -> LoadedConfiguration<DaemonConfiguration> {
        try DaemonConfiguration.parse([
            ConfigurationSource(path: "a.toml", text: text),
            ConfigurationSource(path: "conf.d/b.toml", text: dropIn, isDropIn: true),
        ])
    }

    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try self.load(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    private static let text = """
        [strategy]
        picker = "deadline"
        [strategy.deadline]
        window = 30
        strict = true
        share = 0.25
        [strategy.rarest-first]
        random-first = 8
        """

    @Test func `options are read with their types, and later files win key by key`() throws {
        let loaded = try self.load(Self.text, dropIn: "[strategy.deadline]\nwindow = 40\nname = \"x y\"\n")
        let strategy = loaded.value.strategy
        #expect(strategy.picker == "deadline" && strategy.options.names == ["deadline", "rarest-first"])
        #expect(
            strategy.options["deadline"] == [
                "window": .integer(40), "strict": .boolean(true), "share": .number(0.25), "name": .text("x y"),
            ])
        #expect(strategy.options.bare("rarest-first") == ["random-first": "8"])
        #expect(strategy.options.bare("other").isEmpty)
        #expect(strategy.options.texts["deadline.name"] == "\"x y\"")
    }

    @Test func `values and names have their places`() throws {
        let loaded = try self.load(Self.text)
        #expect(
            loaded.problem(with: "strategy.deadline.window", "bad").description
                == "a.toml:4:10: strategy.deadline.window: bad")
        #expect(
            loaded.problem(withNameOf: "strategy.deadline.strict", "bad").description
                == "a.toml:5:1: strategy.deadline.strict: bad")
        #expect(loaded.problem(withNameOf: "strategy.rarest-first", "bad").description.hasPrefix("a.toml:7:"))
        #expect(loaded.problem(withNameOf: "strategy.none", "bad").description == "defaults: strategy.none: bad")
    }

    @Test func `what is no value, name or key is told with its place`() {
        #expect(
            self.problems("[strategy.x]\na = [1]\nb = 1979-05-27\n") == [
                "a.toml:2:5: strategy.x.a: expected true or false, a number or a string in quotes, found a list",
                "a.toml:3:5: strategy.x.b: expected true or false, a number or a string in quotes, found a date",
            ])
        #expect(self.problems("[strategy.X]\na = 1\n").first?.contains("\"X\" cannot be a name here") == true)
        #expect(self.problems("[strategy.x]\nA_b = 1\n").first?.hasPrefix("a.toml:2:1: strategy.x: \"A_b\"") == true)
        #expect(self.problems("[strategy]\npickr = 1\n").first?.contains("did you mean picker?") == true)
        #expect(self.problems("[strategy.picker]\na = 1\n").first?.contains("expected a string") == true)
        #expect(self.problems("[peer.x]\na = 1\n").first?.contains("unknown key x in [peer]") == true)
    }

    @Test func `a change names each option, and takes effect without a restart`() throws {
        let old = try self.load(Self.text).value
        let new = try self.load(Self.text.replacing("window = 30", with: "window = 31\nnew = 1")).value
        let change = ConfigurationChange(from: old, to: new)
        #expect(
            change.summary
                == "configuration reloaded; changed: strategy.deadline.new (unset to 1), strategy.deadline.window (30 to 31)"
        )
        #expect(change.effective == new && change.awaitingRestart.isEmpty)
        #expect(ConfigurationChange(from: new, to: new).applied.isEmpty)
    }

    @Test func `an option that is given once waits for a restart, and those beside it do not`() throws {
        let old = try self.load("[strategy.utp]\na = 1\nb = 1\n[strategy.deadline]\na = 1\n").value
        let new = try self.load("[strategy.utp]\na = 2\nb = 2\nc = 3\n[strategy.deadline]\na = 2\n").value
        let once: Set<String> = ["strategy.utp.a", "strategy.utp.c"]
        let change = ConfigurationChange(from: old, to: new, restartOptions: once)
        #expect(change.applied.map(\.key) == ["strategy.deadline.a", "strategy.utp.b"])
        let waiting = change.awaitingRestart.map(\.description)
        #expect(waiting == ["strategy.utp.a (1 to 2)", "strategy.utp.c (unset to 3)"])
        let options = change.effective.strategy.options
        #expect(options["utp"] == ["a": .integer(1), "b": .integer(2)] && options["deadline"] == ["a": .integer(2)])
        // It is named again by the next reload, and taken back when the file is.
        let again = ConfigurationChange(from: change.effective, to: new, restartOptions: once)
        #expect(again.awaitingRestart == change.awaitingRestart && again.applied.isEmpty)
        #expect(ConfigurationChange(from: change.effective, to: old, restartOptions: once).awaitingRestart.isEmpty)
    }
}
