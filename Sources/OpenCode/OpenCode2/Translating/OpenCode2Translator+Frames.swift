// Which frame means what. A type that is not listed passes whole as `upstream`.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func translate(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        switch type {
        case "session.text.delta": spoken(.delta, "t", frame, data)
        case "session.text.started": spoken(.started, "t", frame, data)
        case "session.text.ended": spoken(.ended, "t", frame, data)
        case "session.reasoning.delta": spoken(.delta, "r", frame, data)
        case "session.reasoning.started": spoken(.started, "r", frame, data)
        case "session.reasoning.ended": spoken(.ended, "r", frame, data)
        case "session.tool.input.started": toolStarted(data)
        case "session.tool.input.delta": toolInputGrew(data)
        case "session.tool.input.ended": toolInputEnded(data)
        case "session.tool.called": toolCalled(frame, data)
        case "session.tool.progress": toolProgressed(data)
        case "session.tool.success", "session.tool.failed": toolEnded(frame, data)
        case "session.step.started": stepStarted(frame, data)
        case "session.step.ended", "session.step.failed": stepEnded(frame, data)
        case "session.retry.scheduled": retryScheduled(data)
        case _ where type.hasPrefix("session.execution."): execution(type, frame, data)
        case _ where type.hasPrefix("session.inbox."): inbox(type, frame, data)
        case _ where type.hasPrefix("session.compaction."): compaction(type, frame, data)
        case "permission.asked": permissionAsked(data["request"] ?? data)
        case "permission.replied": permissionReplied(data)
        case "form.created": formCreated(data["form"] ?? data)
        case "form.replied", "form.cancelled": formClosed(data, isAnswered: type == "form.replied")
        default: if !translateRow(type, frame, data) { translateRare(type, frame, data) }
        }
    }

    /// What changes the session's row.
    private mutating func translateRow(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) -> Bool {
        switch type {
        case "session.created": created(frame, data)
        case "session.forked": forked()
        case "session.deleted": deleted()
        case "session.renamed": changeRow(frame) { $0.title = data["title"].bytes }
        case "session.moved": moved(frame, data)
        case "session.metadata.updated": changeRow(frame) { $0.setExtra("metadata", data["metadata"]) }
        case "session.archived": changeRow(frame) { $0.archived = frame.created }
        case "session.unarchived": changeRow(frame) { $0.archived = nil }
        case "session.permissions": changeRow(frame) { _ in }
        case "session.usage.updated": usageUpdated(data)
        case "session.agent.selected", "session.model.selected": selected(frame, data)
        case "session.revert.staged": changeRow(frame) { $0.revert = data["revert"].map(OpenCode2Words.revert) }
        case "session.revert.cleared": changeRow(frame) { $0.revert = nil }
        case "session.revert.committed": revertCommitted(frame, data)
        default: return false
        }
        return true
    }

    private mutating func translateRare(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        switch type {
        case "session.synthetic", "session.instructions.updated", "session.skill.activated": noted(type, frame, data)
        case "session.shell.started": shellStarted(frame, data)
        case "session.shell.ended": shellEnded(frame, data)
        // Only the log's, today: the content stands in REST.
        case "session.message.content.updated": wish(.read)
        // Hints at most; left out by name.
        case "session.status", "session.idle", "session.viewed", "session.step.streamed", "session.usage.recorded": break
        default:
            let isGuarded = OpenCode2.isGuarded(type)
            say(.upstream(isGuarded ? OpenCode2.typeAndIds(frame) : OpenCode2Words.carried(frame.whole)))
        }
    }
}
