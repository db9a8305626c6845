// The program under test: the binary that was built beside the tests, run to its end.

import Foundation
import Reactor

enum Reprise {
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "reprise").path

    struct Outcome {
        let status: ChildStatus
        let output: [String]
        let errors: String
    }

    /// Runs it and waits for its end.
    static func run(
        _ arguments: [String], in folder: TestFolder, environment: [String: String] = [:], input: String? = nil
    ) throws -> Outcome {
        let program = try start(arguments, in: folder, environment: environment, input: input)
        let output = try program.rest()
        return Outcome(status: try program.wait(), output: output, errors: program.errors)
    }

    /// - Parameters:
    ///   - input: a file that becomes its standard input.
    ///   - wrapper: a command in front of it that becomes it.
    static func start(
        _ arguments: [String], in folder: TestFolder, environment: [String: String] = [:], input: String? = nil, wrapper: [String] = []
    ) throws -> RunningProgram {
        let environment = folder.environment.merging(environment) { $1 }
        let command = wrapper + [program] + arguments
        // A child's input is empty unless a shell opens another.
        let words = input.map { ["/bin/sh", "-c", #"input=$1; shift; exec "$@" <"$input""#, "sh", $0] + command } ?? command
        return try RunningProgram(words[0], Array(words[1...]), environment: environment, directory: folder["project"])
    }
}
