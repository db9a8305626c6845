// The program: picks the subcommand, prints what failed and why, and exits 0, 1 (it failed) or 2 (usage).

import Foundation
import Reactor
import RepriseClient

func overview() -> String {
    let list = AllSubcommands.list.map { "  \($0.name.padding(toLength: 10, withPad: " ", startingAt: 0)) \($0.summary)" }.joined(
        separator: "\n")
    return """
        reprise: a durable, resumable relay between OpenCode and everyone who watches or drives it

        usage: reprise SUBCOMMAND [flags]     reprise SUBCOMMAND --help

        \(list)

        start here: reprise serve
        """
}

func runSubcommand(_ words: [String]) -> Int32 {
    guard let name = words.first else {
        complain("which subcommand?\n\n\(overview())")
        return 2
    }
    if name == "--help" || name == "-h" || name == "help" {
        print(overview())
        return 0
    }
    // Behind "--" stand operands: a prompt may be any text.
    let flags = words.prefix { $0 != "--" }
    if flags.contains("--version") {
        print("reprise \(version)")
        return 0
    }
    guard let subcommand = (AllSubcommands.list + [ScriptedCommand.self]).first(where: { $0.name == name }) else {
        complain("there is no subcommand “\(name)”; see reprise --help")
        return 2
    }
    if flags.contains("--help") || flags.contains("-h") {
        print(subcommand.usage)
        return 0
    }
    do {
        try subcommand.run(Array(words.dropFirst()))
        return 0
    } catch let error as UsageError {
        complain("\(error.reason)\n\n\(subcommand.usage)")
        return 2
    } catch {
        let failure = error as? Failure ?? (error as? RepriseError)?.failure ?? Failure("\(error)")
        complain(failure.reason + (failure.hint.map { "\n  \($0)" } ?? ""))
        return 1
    }
}

// A relay takes its signals from a descriptor: they are blocked here, before any other thread is made.
let given = Array(CommandLine.arguments.dropFirst())
if (AllSubcommands.list + [ScriptedCommand.self]).contains(where: { $0.name == given.first && $0.handlesSignals }) { Signals.block() }
exit(runSubcommand(given))
