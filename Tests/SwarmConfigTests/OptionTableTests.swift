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
}
