// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Strategy plugins for swarmd in Embedded Swift: libraries that need libc only and export one symbol. README.md says how
// to make one of your own.

let embedded: [SwiftSetting] = [
    .enableExperimentalFeature("Embedded"),
    .unsafeFlags(["-wmo", "-no-static-stdlib", "-enforce-exclusivity=unchecked"]),
    .unsafeFlags(["-Osize"], .when(configuration: .release)),
]

let full: [SwiftSetting] = [.unsafeFlags(["-static-stdlib", "-suppress-warnings"])]

/// A strategy in `Plugins/<name>`, in Embedded Swift.
func strategy(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: ["SwarmPluginKit"] + dependencies, path: "Plugins/" + name, swiftSettings: embedded,
        linkerSettings: [
            .unsafeFlags([
                "-no-static-stdlib", "-Xlinker", "-z", "-Xlinker", "defs", "-Xlinker", "-z", "-Xlinker", "now",
                "-Xlinker", "--version-script=" + Context.packageDirectory + "/Plugins/plugin.map",
            ])
        ])
}

/// A strategy in `Plugins/<name>` that is ordinary Swift and imports `SwarmPluginKitFull`. It carries the Swift runtime.
func fullStrategy(_ name: String) -> Target {
    .target(
        name: name, dependencies: ["SwarmPluginKitFull"], path: "Plugins/" + name, swiftSettings: full,
        linkerSettings: [
            .unsafeFlags([
                "-static-stdlib", "-Xlinker", "-z", "-Xlinker", "defs", "-Xlinker", "-z", "-Xlinker", "now",
                "-Xlinker", "--version-script=" + Context.packageDirectory + "/Plugins/plugin.map",
            ])
        ])
}

let package = Package(
    name: "swarm-strategies",
    products: [
        .library(name: "rarest_first", type: .dynamic, targets: ["RarestFirst"]),
        .library(name: "sequential", type: .dynamic, targets: ["Sequential"]),
        .library(name: "deadline", type: .dynamic, targets: ["Deadline"]),
        .library(name: "random", type: .dynamic, targets: ["Random"]),
        .library(name: "tit_for_tat", type: .dynamic, targets: ["TitForTat"]),
        .library(name: "round_robin", type: .dynamic, targets: ["RoundRobin"]),
        .library(name: "fastest", type: .dynamic, targets: ["Fastest"]),
        .library(name: "tcp", type: .dynamic, targets: ["TCP"]),
        .library(name: "mse", type: .dynamic, targets: ["MSE"]),
    ],
    targets: [
        .target(name: "CSwarmPlugin"),
        // The processor's AES, for MSE.
        .target(name: "CAES"),
        .target(name: "SwarmPluginKit", dependencies: ["CSwarmPlugin"], swiftSettings: embedded),
        // The same sources once more, for ordinary Swift.
        .target(name: "SwarmPluginKitFull", dependencies: ["CSwarmPlugin"], swiftSettings: full),
        strategy("RarestFirst"),
        strategy("Sequential"),
        strategy("Deadline"),
        strategy("Random"),
        strategy("TitForTat"),
        strategy("RoundRobin"),
        strategy("Fastest"),
        strategy("TCP"),
        strategy("MSE", ["CAES"]),
    ],
    swiftLanguageModes: [.v6]
)
