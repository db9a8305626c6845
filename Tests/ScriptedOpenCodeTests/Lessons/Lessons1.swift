// The lessons of 1.18.

extension Lesson {
    static let first: [Lesson] = [
        Lesson(
            1, "a permission request outlives its run, and answering it still acts", ["abort_permission", "abort_question", "dispose"],
            tests: [
                "lists what an aborted run had asked, and runs its tool when somebody approves it",
                "clears all ghosts of a session with one reject", "lists what a session had asked that is deleted",
            ]),
        Lesson(2, "replies look only in the directory that they name", ["other_directory"]),
        Lesson(
            3, "of several prompts that wait only the last is answered; an abort drops them",
            ["busy_prompt", "busy_two_prompts", "busy_prompt_in_tool", "busy_abort"]),
        Lesson(
            4, "the same message id again is an upsert", ["same_message_id", "same_message_id_at_once"],
            tests: [
                "answers an old prompt again when its ids come and a later one exists",
                "puts a prompt whose id another session has into that session's message",
                "answers once what was first told without a wish for an answer",
            ]),
        Lesson(
            5, "a durable event comes twice, and counts without a hole", ["kill_text"],
            tests: ["tells what lasts twice, back to back, and counts without a hole, also over a kill"]),
        Lesson(6, "session.idle is not the end of a turn", ["abort_text", "abort_tool", "abort_idle", "bad_requests"]),
        Lesson(
            7, "after SIGKILL and SIGTERM nothing is told, and texts are empty for ever",
            ["kill_text", "kill_permission", "kill_question", "term_text"], tests: ["has not stored what it said 204 to"]),
        Lesson(8, "a provider's cut leaves an orphan", ["provider_cut"]),
        Lesson(9, "a stream without a reason to finish is followed by another message at once", ["provider_unfinished"]),
        Lesson(10, "a busy session that is deleted goes on", ["delete_busy"]),
        Lesson(
            11, "a plain reject ends the turn, one with words does not", ["tools_reject", "tools_reject_message", "question_reject"]),
        Lesson(
            12, "always holds for the instance, in memory", ["tools_always", "plan_mode"],
            tests: ["forgets what is always allowed when it dies"]),
        Lesson(13, "the official client never asks for what is pending", exempt: "it is about a client"),
        Lesson(14, "a long turn costs the server memory", exempt: "it is about the real server's memory"),
    ]
}
