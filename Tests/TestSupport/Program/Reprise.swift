// The program under test.

import Foundation
import Reactor

public enum Reprise {
    public static let program = BuiltProgram.path("reprise")

    public struct Outcome {
        public let status: ChildStatus
        public let output: [String]
        public let errors: String
    }

    /// Runs it and waits for its end.
    public static func run(
        _ arguments: [String], in folder: TestFolder, environment: [String: String] = [:], input: String? = nil
    ) throws -> Outcome {
        let program = try start(arguments, in: folder, environment: environment, input: input)
        let output = try program.rest()
        return Outcome(status: try program.wait(), output: output, errors: program.errors)
    }

    /// - Parameters:
    ///   - input: a file that becomes its standard input.
    ///   - wrapper: a command in front of it that becomes it.
    public static func start(
        _ arguments: [String], in folder: TestFolder, environment: [String: String] = [:], input: String? = nil, wrapper: [String] = []
    ) throws -> RunningProgram {
        let environment = folder.environment.merging(environment) { $1 }
        let command = wrapper + [program] + arguments
        // A child's input is empty unless a shell opens another.
        let words = input.map { ["/bin/sh", "-c", #"input=$1; shift; exec "$@" <"$input""#, "sh", $0] + command } ?? command
        return try RunningProgram(words[0], Array(words[1...]), environment: environment, directory: folder["project"])
    }
}
