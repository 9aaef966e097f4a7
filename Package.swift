// swift-tools-version: 6.2
import PackageDescription

// The map of rooms (CONTRIBUTING.md tells what each is for). A target sees only the targets named for it:
// `swift build --explicit-target-dependency-import-check error` makes that law.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")

/// A room: sources in `Sources/<name>`. One of values that are made when somebody asks for something says `isCold` and is
/// compiled to be small: no block passes through it. None that has actors may say so: with `-Osize` Swift 6.3 leaves out the
/// hop back to the actor before a closure that is called there, and the program ends.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], linked: [LinkerSetting] = [], isCold: Bool = false
) -> Target {
    let size: [SwiftSetting] = isCold ? [.unsafeFlags(["-Osize"], .when(configuration: .release))] : []
    return .target(
        name: name, dependencies: dependencies, swiftSettings: strict + size, linkerSettings: linked)
}

/// A program: thin, sources in `Sources/<name>`, linked with full RELRO.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: strict,
        linkerSettings: [
            .unsafeFlags([
                "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "-z", "-Xlinker",
                "now",
                "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=safe",
            ])
        ])
}

/// The tests of a room, in `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies + ["TestSeeds", "TestWorld"], resources: resources,
        swiftSettings: strict)
}

/// A strategy that ships: Embedded Swift in `Plugins/<name>`, a library that needs libc only and exports one symbol.
///
/// Small code is fast enough for decisions; one that touches every byte says `isBulk`.
func plugin(_ name: String, _ dependencies: [Target.Dependency] = [], isBulk: Bool = false) -> Target {
    .target(
        name: name, dependencies: ["SwarmPluginKit"] + dependencies, path: "Plugins/" + name,
        swiftSettings: [
            .enableExperimentalFeature("Embedded"), .enableUpcomingFeature("ExistentialAny"),
            .treatAllWarnings(as: .error),
            .unsafeFlags(["-wmo", "-no-static-stdlib", "-enforce-exclusivity=unchecked"]),
            .unsafeFlags([isBulk ? "-O" : "-Osize"], .when(configuration: .release)),
        ],
        linkerSettings: [
            .unsafeFlags([
                "-no-static-stdlib", "-Xlinker", "-z", "-Xlinker", "defs", "-Xlinker", "-z", "-Xlinker", "now",
                "-Xlinker", "--version-script=" + Context.packageDirectory + "/Plugins/plugin.map",
            ])
        ])
}

let values: [Target] = [
    room("SwarmModel"),
    room("Bencode"),
    room("Deflate", ["CZlib"]),
    room("Metainfo", ["SwarmModel", "Bencode", crypto]),
    room("PeerWire", ["SwarmModel", "Bencode"]),
    room("TrackerWire", ["SwarmModel", "Bencode"]),
    room("ControlWire", ["SwarmModel"], isCold: true),
    room("ControlText", ["ControlWire", "SwarmModel"], isCold: true),
    room("SwarmConfig", ["SwarmModel", "CToml"], isCold: true),
]

let machines: [Target] = [
    room("PeerSession", ["SwarmModel", "PeerWire", "Deflate"]),
    room("Swarming", ["SwarmModel"]),
    room("TrackerCore", ["SwarmModel", "TrackerWire"]),
    room("DHT", ["SwarmModel", "Bencode", crypto]),
]

/// Judges machines and strategies under a virtual clock. Only tests and the benchmark link it.
let simulation: [Target] = [
    room("SwarmSimulation", ["SwarmModel", "PeerWire", "PeerSession", "Swarming"])
]

/// `SWARM_BENCH=1 swift build` has it too; `make bench` runs it.
let benchmarks: [Target] =
    Context.environment["SWARM_BENCH"] == nil
    ? []
    : [
        program(
            "swarm-bench",
            [
                "SwarmSimulation", "StrategyHost", "Swarming", "SwarmModel", "TrackerCore", "TrackerWire", arguments,
                logging,
            ])
    ]

let edges: [Target] = [
    room("PeerTransport", ["SwarmModel", "CSwarmPlugin", "CLinux"]),
    room(
        "StrategyHost",
        ["SwarmModel", "Swarming", "PeerTransport", "SwarmEvents", "CSwarmPlugin", "CLinux", logging]),
    room("PieceStore", ["SwarmModel", "Metainfo", "CLinux", "CPieceHash", nioCore, nioPosix, crypto]),
    room("SwarmEvents", [logging]),
    room("Systemd", ["SwarmEvents", "CSystemd", logging]),
    room("Database", ["CSQLite"]),
    room("RedisClient", ["CRedis"]),
    room("StateStore", ["SwarmModel", "Database"]),
    room(
        "PeerNetwork",
        [
            "SwarmModel", "PeerWire", "PeerSession", "PeerTransport", "Deflate", "Swarming", "PieceStore", "Discovery",
            "CLinux", nioCore, nioPosix, logging,
        ]),
    room(
        "Discovery",
        [
            "SwarmModel", "SwarmEvents", "TrackerWire", "DHT", "CLinux", "CPortMapping", nioCore, nioPosix, nioHTTP1,
            logging,
            httpClient,
        ]),
    room(
        "TrackerServer",
        [
            "SwarmModel", "SwarmEvents", "Bencode", "Metainfo", "TrackerWire", "TrackerCore", "Database", "RedisClient",
            "ControlWire", "CLinux", nioCore, nioPosix, nioHTTP1, logging,
        ]),
    room("ControlServer", ["SwarmModel", "ControlWire", "CLinux", nioCore, nioPosix, logging]),
]

let programs: [Target] = [
    room(
        "SwarmDaemon",
        [
            "SwarmModel", "Bencode", "Metainfo", "ControlWire", "SwarmConfig", "Swarming", "PeerTransport", "DHT",
            "StrategyHost", "Deflate",
            "PieceStore", "StateStore", "PeerNetwork", "Discovery", "ControlServer", "ControlText", "SwarmEvents",
            "Systemd", "CLinux", nioCore, nioPosix, logging, lifecycle, signals,
        ]),
    program("swarmd", ["SwarmDaemon", "StrategyHost", "SwarmConfig", "SwarmEvents", "Systemd", arguments, logging]),
    program(
        "swarmctl",
        ["ControlWire", "ControlText", "SwarmModel", "Bencode", "Metainfo", "PieceStore", "CLinux", arguments]),
    program(
        "swarm-trackerd",
        [
            "TrackerServer", "TrackerCore", "RedisClient", "ControlServer", "ControlWire", "SwarmConfig", "SwarmModel",
            "SwarmEvents", "Systemd", nioPosix, arguments, logging, lifecycle, signals,
        ]),
]

let cTargets: [Target] = [
    .target(name: "CSwarmPlugin"),
    .target(name: "CLinux"),
    // For tests alone: stands in the place of malloc.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    // Optimised in debug builds too: the tests encrypt what is downloaded, and hash whole torrents.
    .target(name: "CAES", cSettings: [.unsafeFlags(["-O2"])]),
    .target(name: "CPieceHash", cSettings: [.unsafeFlags(["-O2"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CRedis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .target(
        name: "CPortMapping", linkerSettings: [.linkedLibrary("miniupnpc"), .linkedLibrary("natpmp")]),
    .target(name: "CToml", cxxSettings: [.unsafeFlags(["-std=c++17"])]),
]

let plugins: [Target] = [
    .target(
        name: "SwarmPluginKit", dependencies: ["CSwarmPlugin"],
        swiftSettings: [
            .enableExperimentalFeature("Embedded"), .enableUpcomingFeature("ExistentialAny"),
            .treatAllWarnings(as: .error),
            .unsafeFlags(["-wmo", "-no-static-stdlib", "-enforce-exclusivity=unchecked"]),
            .unsafeFlags(["-Osize"], .when(configuration: .release)),
        ]),
    // The same sources for plugins in ordinary Swift, through a symbolic link: a module is either Embedded or not. Embedded
    // Swift wants imports to be public that ordinary Swift warns of.
    .target(
        name: "SwarmPluginKitFull", dependencies: ["CSwarmPlugin"],
        swiftSettings: [.unsafeFlags(["-suppress-warnings"])]),
    plugin("RarestFirst"),
    plugin("Sequential"),
    plugin("Deadline"),
    plugin("Random"),
    plugin("TitForTat"),
    plugin("RoundRobin"),
    plugin("Fastest"),
    plugin("TCP"),
    plugin("MSE", ["CAES"], isBulk: true),
    plugin("UTP"),
]

let testTargets: [Target] = [
    .target(name: "TestSeeds", path: "Tests/TestSeeds", swiftSettings: strict),
    // What the tests of several rooms put in the place of the world: deaf ports, events of made-up networks, data of others.
    .target(name: "TestWorld", path: "Tests/TestWorld", swiftSettings: strict),
    tests("SwarmModel", ["SwarmModel"]),
    tests("Bencode", ["Bencode", "SwarmModel"]),
    tests("Deflate", ["Deflate", "SwarmModel"]),
    tests("Metainfo", ["Metainfo", "Bencode", "SwarmModel", "Deflate", crypto]),
    tests("PeerWire", ["PeerWire", "SwarmModel", "Bencode"]),
    tests("PeerSession", ["PeerSession", "PeerWire", "Deflate", "SwarmModel", crypto]),
    tests("Swarming", ["Swarming", "SwarmModel"]),
    tests("SwarmSimulation", ["SwarmSimulation", "StrategyHost", "Swarming", "SwarmModel", logging]),
    // Counts what is asked of malloc, in the whole test program: see CAllocations.
    tests(
        "DataPath",
        [
            "PeerSession", "PeerWire", "Swarming", "StrategyHost", "SwarmModel", "CAllocations", logging,
        ]),
    // Not the plugins: each defines swarm_plugin_entry. They are found beside the test bundle.
    tests(
        "StrategyHost",
        [
            "StrategyHost", "PeerTransport", "Swarming", "SwarmModel", "CSwarmPlugin", "CLinux", "CAES", logging,
            crypto,
        ]),
    // Through the C interface alone.
    tests("UTP", ["CSwarmPlugin"]),
    tests("PieceStore", ["PieceStore", "Metainfo", "SwarmModel", nioCore, nioPosix, crypto]),
    tests("StateStore", ["StateStore", "Database", "SwarmModel"]),
    tests("SwarmEvents", ["SwarmEvents", logging]),
    tests("Systemd", ["Systemd", "SwarmEvents", logging]),
    tests("SwarmConfig", ["SwarmConfig", "SwarmModel"]),
    tests("TrackerWire", ["TrackerWire", "SwarmModel", "Bencode"]),
    tests("TrackerCore", ["TrackerCore", "TrackerWire", "SwarmModel"]),
    tests("DHT", ["DHT", "Bencode", "SwarmModel"]),
    tests(
        "TrackerServer",
        [
            "TrackerServer", "TrackerCore", "TrackerWire", "RedisClient", "SwarmModel", "Bencode", "Metainfo", "CLinux",
            nioCore, nioPosix, logging,
        ]),
    tests(
        "Discovery",
        [
            "Discovery", "DHT", "TrackerWire", "TrackerCore", "TrackerServer", "SwarmModel", nioCore, nioPosix,
            nioHTTP1,
            logging,
        ]),
    tests("ControlWire", ["ControlWire", "SwarmModel"]),
    tests("ControlText", ["ControlText", "ControlWire", "SwarmModel"]),
    tests("ControlServer", ["ControlServer", "ControlWire", "SwarmModel", nioCore, nioPosix, logging]),
    tests(
        "PeerNetwork",
        [
            "PeerNetwork", "PeerTransport", "StrategyHost", "PieceStore", "Swarming", "PeerWire", "PeerSession",
            "Deflate", "Discovery", "SwarmModel", "Metainfo", "Bencode", nioCore, nioPosix, nioHTTP1, logging, crypto,
        ]),
    // The strategies are found beside the test bundle, as for StrategyHost.
    tests(
        "SwarmDaemon",
        [
            "SwarmDaemon", "ControlServer", "ControlWire", "Discovery", "Metainfo", "PeerNetwork", "PieceStore",
            "StateStore",
            "StrategyHost", "SwarmConfig", "SwarmModel", "SwarmEvents", "Swarming", "Systemd", nioCore, nioPosix,
            logging,
        ]),
]

let package = Package(
    name: "swarm",
    products: [
        .executable(name: "swarmd", targets: ["swarmd"]),
        .executable(name: "swarmctl", targets: ["swarmctl"]),
        .executable(name: "swarm-trackerd", targets: ["swarm-trackerd"]),
        .library(name: "swarm_picker_rarest_first", type: .dynamic, targets: ["RarestFirst"]),
        .library(name: "swarm_picker_sequential", type: .dynamic, targets: ["Sequential"]),
        .library(name: "swarm_picker_deadline", type: .dynamic, targets: ["Deadline"]),
        .library(name: "swarm_picker_random", type: .dynamic, targets: ["Random"]),
        .library(name: "swarm_choker_tit_for_tat", type: .dynamic, targets: ["TitForTat"]),
        .library(name: "swarm_choker_round_robin", type: .dynamic, targets: ["RoundRobin"]),
        .library(name: "swarm_choker_fastest", type: .dynamic, targets: ["Fastest"]),
        .library(name: "swarm_transport_tcp", type: .dynamic, targets: ["TCP"]),
        .library(name: "swarm_transport_mse", type: .dynamic, targets: ["MSE"]),
        .library(name: "swarm_transport_utp", type: .dynamic, targets: ["UTP"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: values + machines + simulation + edges + programs + benchmarks + cTargets + plugins + testTargets,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
