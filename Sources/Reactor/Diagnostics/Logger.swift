// One line an event, in logfmt, to stderr. Passed in, never global. The message is a constant; everything that varies is a
// key and a value, and no value can end its line or its quotes. Payloads and tokens are never given to it.

public struct Logger: Sendable {
    private typealias Fields = [(key: String, value: String)]

    /// What is below is not even written.
    public let level: LogLevel
    private let context: Fields
    private let sink: @Sendable ([UInt8]) -> Void
    private let time: any WallTime

    /// - Parameter sink: gets each whole line, with its LF, on the thread that logs.
    public init(level: LogLevel = .info, time: any WallTime = WallClock(), sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.init(level: level, time: time, context: [], sink: sink)
    }

    private init(level: LogLevel, time: any WallTime, context: Fields, sink: @escaping @Sendable ([UInt8]) -> Void) {
        (self.level, self.time, self.context, self.sink) = (level, time, context, sink)
    }

    /// To stderr, a line in one write.
    public static func standardError(level: LogLevel = .info) -> Logger {
        Logger(level: level, sink: StandardError.write)
    }

    /// Says nothing.
    public static let silent = Logger(level: .error, sink: { _ in })

    /// One that adds these fields to each line.
    public func with(_ fields: [(String, String)]) -> Logger {
        Logger(level: level, time: time, context: context + fields.map { (key: $0.0, value: $0.1) }, sink: sink)
    }

    public func debug(_ message: StaticString, _ fields: @autoclosure () -> [(String, String)] = []) { log(.debug, message, fields) }
    public func info(_ message: StaticString, _ fields: @autoclosure () -> [(String, String)] = []) { log(.info, message, fields) }
    public func warning(_ message: StaticString, _ fields: @autoclosure () -> [(String, String)] = []) { log(.warning, message, fields) }
    public func error(_ message: StaticString, _ fields: @autoclosure () -> [(String, String)] = []) { log(.error, message, fields) }

    private func log(_ level: LogLevel, _ message: StaticString, _ fields: () -> [(String, String)]) {
        guard level >= self.level else { return }
        var line = LogLine(time: time.now, level: level, message: "\(message)")
        for (key, value) in context { line.add(key, value) }
        for (key, value) in fields() { line.add(key, value) }
        sink(line.ended())
    }
}
