// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import Testing

@Suite struct ClusterSettingTests {
    private static func problems(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try TrackerConfiguration.parse([ConfigurationSource(path: "t.toml", text: "[cluster]\n" + text)])
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `a cluster needs to know where peers reach the tracker`() {
        #expect(Self.problems("redis = \"127.0.0.1:6379\"\nadvertise = \"t1.example.org:6969\"") == [])
        #expect(Self.problems("redis = \"/run/redis/redis.sock\"\nadvertise = \"[2001:db8::1]:6969\"") == [])
        let problems = Self.problems("redis = \"127.0.0.1:6379\"")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("must say where peers reach this tracker") == true)
    }

    @Test(arguments: [
        "redis = \"localhost\"", "redis = \"a:0\"", "redis = \"::1:6379\"", "redis = \"a b:1\"",
        "advertise = \"http://a:1\"", "advertise = \"a:1/x\"", "advertise = \"a\"", "name = \"a b\"",
        "name = \"\(String(repeating: "n", count: 65))\"", "prefix = \"a b\"", "lists = [\"alow\"]",
        "password_file = \"relative\"",
    ])
    func `what makes no sense is refused where it stands`(_ text: String) {
        let problems = Self.problems(text)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("t.toml:2:") == true, "\(problems)")
    }

    @Test func `without a word there is no cluster`() throws {
        let parsed = try TrackerConfiguration.parse([ConfigurationSource(path: "t.toml", text: "")]).value
        #expect(parsed.cluster.redis.isEmpty)
    }
}
