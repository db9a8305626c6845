// The processor time that a server and the load generator used over a while.

import Foundation

struct Usage: Codable {
    struct Mark {
        fileprivate let server: ProcessorTime
        fileprivate let generator: ProcessorTime
        fileprivate let time = ContinuousClock.now

        init(_ server: MeasuredServer) throws {
            guard let server = ProcessorTime(of: server.processID), let own = ProcessorTime(of: getpid()) else {
                throw BenchFailure("the server is gone")
            }
            (self.server, generator) = (server, own)
        }
    }

    let serverSeconds: Double
    /// The kernel's part of it.
    let systemShare: Double
    let generatorSeconds: Double
    let wallSeconds: Double

    init(since start: Mark, _ server: MeasuredServer) throws {
        let end = try Mark(server)
        serverSeconds = end.server.seconds - start.server.seconds
        systemShare = end.server.systemShare(since: start.server)
        generatorSeconds = end.generator.seconds - start.generator.seconds
        wallSeconds = (end.time - start.time) / .seconds(1)
    }

    var serverBusy: Double { serverSeconds / wallSeconds }
    var generatorBusy: Double { generatorSeconds / wallSeconds }

    /// A generator that never rests may be what the server waits for: then sends grow, and the server looks cheaper or slower than it is.
    var isGeneratorSaturated: Bool { generatorBusy > 0.95 && serverBusy < 0.9 }
}
