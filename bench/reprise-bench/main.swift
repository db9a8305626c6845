// The bench: picks a case by its name and runs it. Exits 0, 1 (it failed, and why) or 2 (usage).

import Foundation
import Reactor

func overview() -> String {
    let list = AllCases.list.map { "  \($0.name.padding(toLength: 12, withPad: " ", startingAt: 0)) \($0.summary)" }.joined(separator: "\n")
    return """
        reprise-bench: measures Reprise beside the limit, a broadcaster in C

        usage: reprise-bench CASE [flags]     reprise-bench CASE --help

        \(list)
        """
}

func runBench(_ words: [String]) -> Int32 {
    guard let found = AllCases.list.first(where: { $0.name == words.first }) else {
        if words == ["--help"] {
            say(overview())
            return 0
        }
        complain("which case?\n\n\(overview())")
        return 2
    }
    if words.contains("--help") {
        say(found.usage)
        return 0
    }
    do {
        try found.run(Flags(Array(words.dropFirst()), allowed: found.flags))
        return 0
    } catch let error as UsageError {
        complain("\(error.reason)\n\n\(found.usage)")
        return 2
    } catch {
        complain("\(error)")
        return 1
    }
}

_ = signal(SIGPIPE, SIG_IGN)
// A subscriber is a descriptor here and one in the server, which inherits the bound.
DescriptorLimit.raise()
exit(runBench(Array(CommandLine.arguments.dropFirst())))
