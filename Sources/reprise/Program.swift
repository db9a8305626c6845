// The command line: picks the subcommand, prints what failed and why, and gives the exit code: 0, 1 (it failed) or 2 (usage).

import RepriseClient

enum Program {
    /// The list and one that it does not show.
    private static let subcommands: [any Subcommand.Type] = AllSubcommands.list + [ScriptedCommand.self]

    static func handlesSignals(_ words: [String]) -> Bool { subcommands.contains { $0.name == words.first && $0.handlesSignals } }

    private static func overview() -> String {
        let list = AllSubcommands.list.map { "  \($0.name.padding(toLength: 10, withPad: " ", startingAt: 0)) \($0.summary)" }.joined(
            separator: "\n")
        return """
            reprise: a durable, resumable relay between OpenCode and everyone who watches or drives it

            usage: reprise SUBCOMMAND [flags]     reprise SUBCOMMAND --help

            \(list)

            start here: reprise serve
            """
    }

    private static func refuse(_ reason: String) -> Int32 {
        complain(reason)
        return 2
    }

    private static func answer(_ text: String) -> Int32 {
        print(text)
        return 0
    }

    static func run(_ words: [String]) -> Int32 {
        guard let name = words.first else { return refuse("which subcommand?\n\n\(overview())") }
        if name == "--help" || name == "-h" || name == "help" { return answer(overview()) }
        // Behind "--" stand operands: a prompt may be any text.
        let flags = words.prefix { $0 != "--" }
        if flags.contains("--version") { return answer("reprise \(version)") }
        guard let subcommand = subcommands.first(where: { $0.name == name }) else {
            return refuse("there is no subcommand “\(name)”; see reprise --help")
        }
        if flags.contains("--help") || flags.contains("-h") { return answer(subcommand.usage) }
        return exitCode(of: subcommand, Array(words.dropFirst()))
    }

    private static func exitCode(of subcommand: any Subcommand.Type, _ words: [String]) -> Int32 {
        do {
            try subcommand.run(words)
            return 0
        } catch let error as UsageError {
            let usage = subcommand.usage.prefix { $0 != "\n" }
            return refuse("\(error.reason)\n\(usage)\nmore: reprise \(subcommand.name) --help")
        } catch {
            let failure = error as? Failure ?? (error as? RepriseError)?.failure ?? Failure("\(error)")
            complain(failure.reason + (failure.hint.map { "\n  \($0)" } ?? ""))
            return 1
        }
    }
}
