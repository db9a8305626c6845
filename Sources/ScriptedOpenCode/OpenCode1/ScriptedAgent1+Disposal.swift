// The end of an instance: what runs in its directory is aborted, what was asked and allowed there is forgotten. The streams stay, and the
// next call makes a new instance. A changed configuration ends all of them.

import Wire

extension ScriptedAgent1 {
    /// Stands for all directories, in a frame too.
    private static let everywhere = "global"

    mutating func dispose(_ directory: String, _ now: Int64) -> ScriptedReply {
        end(directory, now)
        return .json(Array("true".utf8))
    }

    mutating func disposeAll(_ now: Int64) -> ScriptedReply {
        let directories = Set(sessions.values.map(\.directory)).union([options.directory])
        let last = directories.sorted().map { end($0, now) }.max() ?? now
        core.schedule.plan(.tellDisposed, of: Self.everywhere, at: last, aside: true)
        return .json(Array("true".utf8))
    }

    mutating func configure(_ request: ScriptedRequest, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let body = request.json, body.isObject else { throw .unexpected }
        _ = disposeAll(now)
        return .json(
            JSONWriter.object { writer in
                writer.member("$schema", "https://opencode.ai/config.json")
                for (key, value) in body.members {
                    writer.key(named: key)
                    writer.raw(value.raw)
                }
            })
    }

    /// When all of it is over.
    @discardableResult
    private mutating func end(_ directory: String, _ now: Int64) -> Int64 {
        var last = now
        for session in core.running where self.directory(of: session) == directory && sessions[session]?.run?.isAborted == false {
            if case .later(let milliseconds, _) = abort(session, now) { last = max(last, now + milliseconds) }
        }
        permissions = permissions.filter { self.directory(of: $0.session) != directory }
        questions = questions.filter { self.directory(of: $0.session) != directory }
        core.rules = []
        core.schedule.plan(.tellDisposed, of: directory, at: last, aside: true)
        return last
    }

    mutating func tellDisposed(_ directory: String, _ time: Int64) {
        guard directory == Self.everywhere else {
            return emit("server.instance.disposed", JSONWriter.object { $0.member("directory", directory) }, in: directory, at: time)
        }
        let id = core.identifiers.next("evt_", at: time)
        let payload = #"{"type":"global.disposed","properties":{},"id":"\#(id)"}"#
        core.frames += Array("data: {\"directory\":\"global\",\"payload\":\(payload)}\n\n".utf8)
    }
}
