// A directory that is loaded anew. Whatever was asked there is answered, though nobody did: permissions are rejected, forms cancelled. The
// step is over with that, and the same execution begins the next one by itself. A text that runs is not touched.

import Wire

extension ScriptedAgent2 {
    /// - Parameter directory: nil for all of them.
    mutating func reload(_ directory: String?, _ now: Int64) -> ScriptedReply {
        let known = Set(sessions.values.map(\.directory)).union([options.directory]).sorted()
        let directories = known.filter { directory == nil || directory == $0 }
        for session in core.running where directories.contains(self.directory(of: session)) { withdraw(session, now) }
        for directory in directories { tellShutdown(of: directory, now) }
        return .done
    }

    /// What waits for a person when the server ends.
    mutating func failAsked(_ session: String, _ now: Int64) {
        for permission in sessions[session]?.permissions ?? [] { failUnasked(permission.call, session, now) }
        for form in sessions[session]?.forms ?? [] where form.state == .pending { failUnasked(form.call, session, now) }
    }

    private mutating func withdraw(_ session: String, _ now: Int64) {
        let (permissions, forms) = (sessions[session]?.permissions ?? [], sessions[session]?.forms.filter { $0.state == .pending } ?? [])
        guard !permissions.isEmpty || !forms.isEmpty else { return }
        for permission in permissions {
            replied(permission, "reject", now)
            failUnasked(permission.call, session, now)
        }
        for form in forms {
            cancel(form, now)
            failUnasked(form.call, session, now)
        }
        guard sessions[session]?.run?.calls.isEmpty == true else { return }
        plan(.breakStep, of: session, at: now + pace(20, session))
    }

    private mutating func failUnasked(_ id: String, _ session: String, _ now: Int64) {
        guard let call = call(id, session) else { return }
        fail(call, Self.error("aborted", "Interaction cancelled because the location shut down"), session, now)
        sessions[session]?.run?.calls.removeAll { $0.id == id }
    }

    mutating func breakStep(_ session: String, _ time: Int64) {
        closeAborted(wasStreaming: false, session, time)
        sessions[session]?.run?.message = ""
        goOn(session, time)
    }

    private mutating func tellShutdown(of directory: String, _ now: Int64) {
        let id = core.identifiers.next("evt_", at: now)
        let frame = JSONWriter.object { frame in
            frame.member("id", id)
            frame.member("created", Int(now))
            frame.member("type", "location.shutdown")
            frame.key("location")
            frame.object { $0.member("directory", directory) }
            frame.member("data", raw: Array("{}".utf8))
        }
        core.frames += Array("data: ".utf8) + frame + Array("\n\n".utf8)
    }
}
