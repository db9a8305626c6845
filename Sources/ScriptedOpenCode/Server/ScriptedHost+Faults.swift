// Faults as they are committed.

import Reactor
import Wire

extension ScriptedHost {
    /// The control call.
    func commit(_ body: [UInt8]) -> ScriptedReply {
        guard let value = try? JSON.parse(body), let fault = ScriptedFault(value) else { return .status(400) }
        commit(fault)
        return .done
    }

    func commit(_ fault: ScriptedFault) {
        switch fault {
        case .cut: for stream in streams { stream.cut() }
        case .end: for stream in streams { stream.end() }
        case .stall: for stream in streams { stream.stall() }
        case .flow: for stream in streams { stream.flow() }
        case .tear: isTearing = true
        case .refuse(let path, let status, let times): hindrances.add(.status(status), path: path, times: times)
        case .slow(let path, let milliseconds, let times): hindrances.add(.delay(milliseconds: milliseconds), path: path, times: times)
        case .lose(let path, let times): hindrances.add(.loss, path: path, times: times)
        case .storm(let count, let session):
            for number in 0..<count { agent.sayUnknown("weather.storm.\(number % 7)", of: session, bytes: 100, now: now) }
        case .oversize(let bytes, let session): agent.sayUnknown("weather.hail", of: session, bytes: bytes, now: now)
        case .restart(let death, let milliseconds): restart(death, milliseconds)
        }
        schedulePump()
    }

    /// All but the second half of the last frame, then the cut.
    func tear(_ bytes: [UInt8]) {
        isTearing = false
        let marks = bytes.indices.dropLast().filter { bytes[$0] == 10 && bytes[$0 + 1] == 10 }
        let last = marks.dropLast().last.map { $0 + 2 } ?? 0
        let half = bytes[..<(last + (bytes.count - last) / 2)]
        for stream in streams {
            stream.say(Array(half))
            stream.cutAfterFlush()
        }
    }

    private func restart(_ death: ScriptedDeath, _ milliseconds: Int64) {
        isTearing = false
        // The answer to the call that wants it goes first.
        loop.schedule(after: .milliseconds(1)) { [self] in
            close()
            loop.schedule(after: .milliseconds(milliseconds)) { [self] in
                agent.die(death, newPID: agent.options.pid + 1, now: now)
                do throws(SystemError) { try listen() } catch { preconditionFailure("the port is gone: \(error)") }
            }
        }
    }
}
