// What every case is: a name, a usage text, the flags that it takes, and something to run. One file each, in `Cases/`.

protocol Case: SendableMetatype {
    static var name: String { get }
    /// One line for the list.
    static var summary: String { get }
    /// The whole help, with an example.
    static var usage: String { get }
    static var flags: [Flag] { get }
    static func run(_ flags: Flags) throws
}

let cases: [any Case.Type] = [
    FanoutCase.self, LatencyCase.self, AppendCase.self, IngestCase.self, ResumeStormCase.self, IdleCase.self, OpenCase.self,
    CurvesCase.self,
    TableCase.self, EchoCase.self, ResumeCase.self,
]

/// The case could not be run, or what it measured is not worth a number.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
