// swift-tools-version: 6.2
// Reprise: no package dependencies. The toolchain, the system's SQLite and zlib, and nothing else.
// Targets are listed from the ground up; each imports only from lines above its own.

import PackageDescription

/// Swift 6 mode, strict memory safety, and warnings that stop the build, for every target.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "reprise",
    products: [
        .library(name: "RepriseClient", targets: ["RepriseClient"]),
        .executable(name: "reprise", targets: ["reprise"]),
    ],
    targets: [
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Wire", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
        library("Reactor", ["CLinux", "Wire"]),
        library("SQLite", ["CSQLite"]),
        library("RelayProtocol", ["Wire"]),
        library("EventLog", ["Wire", "Reactor", "SQLite", "RelayProtocol"]),
        library("Broker", ["Wire", "RelayProtocol"]),
        library("OpenCode", ["Wire", "Reactor", "RelayProtocol"]),
        library("Ingest", ["Wire", "Reactor", "RelayProtocol", "EventLog", "OpenCode"]),
        library("Sessions", ["Wire", "Reactor", "SQLite", "RelayProtocol", "EventLog", "OpenCode"]),
        .target(name: "WebPage", exclude: ["page"]),
        library("Server", ["Wire", "Reactor", "RelayProtocol", "EventLog", "Broker", "Sessions", "WebPage"]),
        library("RepriseClient", ["Wire", "Reactor", "RelayProtocol"]),
        library("ScriptedOpenCode", ["Wire", "Reactor", "RelayProtocol"]),
        .executableTarget(
            name: "reprise",
            dependencies: [
                "Wire", "Reactor", "RelayProtocol", "EventLog", "OpenCode", "Ingest", "Sessions", "Server", "RepriseClient", "WebPage",
                "ScriptedOpenCode",
            ],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Wire", "Reactor", "RelayProtocol", "RepriseClient"], path: "Tests/TestSupport",
            exclude: ["Resume/follow.mjs"], swiftSettings: strict),
        .executableTarget(
            name: "reprise-bench",
            dependencies: [
                "Wire", "Reactor", "RelayProtocol", "EventLog", "Broker", "Sessions", "Server", "RepriseClient", "ScriptedOpenCode",
                "TestSupport",
            ],
            path: "bench/reprise-bench", swiftSettings: strict),
        .executableTarget(name: "limit", path: "bench/limit"),

        .target(name: "AllocationCount", path: "Tests/AllocationCount"),
        .target(
            name: "LogFixtures", dependencies: ["RelayProtocol", "SQLite", "EventLog"], path: "Tests/LogFixtures", swiftSettings: strict),
        .executableTarget(
            name: "log-child", dependencies: ["RelayProtocol", "Reactor", "EventLog", "LogFixtures"], path: "Tests/LogChild",
            swiftSettings: strict),
        tests("WireTests", ["Wire"]),
        tests("ReactorTests", ["Reactor", "Wire", "AllocationCount"]),
        tests("SQLiteTests", ["SQLite"]),
        tests("RelayProtocolTests", ["RelayProtocol", "Wire"]),
        tests(
            "EventLogTests", ["EventLog", "RelayProtocol", "SQLite", "Wire", "Reactor", "AllocationCount", "LogFixtures", "log-child"]),
        tests("BrokerTests", ["Broker", "RelayProtocol", "Wire", "AllocationCount"]),
        tests("OpenCodeTests", ["OpenCode", "RelayProtocol", "Wire", "Reactor"]),
        tests("IngestTests", ["Ingest", "OpenCode", "EventLog", "RelayProtocol", "Wire", "Reactor", "Sessions", "ScriptedOpenCode"]),
        tests("SessionsTests", ["Sessions", "OpenCode", "EventLog", "SQLite", "RelayProtocol", "Wire", "Reactor"]),
        tests("ServerTests", ["Server", "Sessions", "EventLog", "Broker", "RelayProtocol", "Wire", "Reactor"]),
        tests("ScriptedOpenCodeTests", ["ScriptedOpenCode", "OpenCode", "RelayProtocol", "Wire", "Reactor"]),
        tests(
            "ClientTests", ["RepriseClient", "RelayProtocol", "Wire", "Reactor"],
            exclude: ["run-folds.mjs", "run-scenario.mjs", "run-command.mjs", "run-renewal.mjs"]),
        tests(
            "SimulationTests",
            [
                "Wire", "Reactor", "RelayProtocol", "EventLog", "Broker", "OpenCode", "Ingest", "Sessions", "SQLite", "RepriseClient",
                "ScriptedOpenCode", "Server",
            ]),
        tests(
            "ProgramTests", ["RepriseClient", "RelayProtocol", "Wire", "Reactor", "ScriptedOpenCode", "reprise", "reprise-bench", "limit"],
            exclude: ["Python/client.py", "Python/server.py"]),
    ]
)

// The fuzz targets need libFuzzer's main: they are there only for `Tests/Fuzzing/run`, which sets FUZZ.
if Context.environment["FUZZ"] != nil {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
        .executableTarget(
            name: "reprise-fuzz",
            dependencies: ["CFuzzer", "Wire", "Reactor", "RelayProtocol", "EventLog", "OpenCode", "Ingest", "Sessions", "RepriseClient"],
            path: "Tests/Fuzzing", exclude: ["CFuzzer", "run"], swiftSettings: strict),
    ]
}
