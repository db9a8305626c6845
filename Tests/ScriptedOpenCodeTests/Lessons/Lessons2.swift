// The lessons of 2.x.

extension Lesson {
    static let second: [Lesson] = [
        Lesson(
            1, "an execution interrupted by a shutdown is a turn that a person declined, and writes nothing",
            ["tools_reject", "parallel_reject", "question_cancel", "reject_after"],
            tests: ["declines a turn without an outcome when a permission is rejected", "declines a turn whose question is dismissed"]),
        Lesson(
            2, "the service resumes what ran, and what a person rejected", ["service_kill", "service_term", "service_reject"],
            tests: [
                "goes on by itself as a service with what ran",
                "goes on as a service with what a person declined, unless its prompt was sent again",
            ]),
        Lesson(
            3, "without a service nothing resumes", ["kill_text", "kill_permission", "kill_question", "kill_tool", "kill_inbox"],
            tests: ["resumes nothing when it is no service", "loses runs and requests when it is killed, but no waiting prompt"]),
        Lesson(
            4, "SIGTERM saves for the data, not for the viewers", ["term_text", "term_tool"],
            tests: ["saves on SIGTERM more than it had streamed, and says nothing"]),
        Lesson(
            5, "a read has no text in mid-stream", ["long", "abort_text", "chatty_tool", "kill_tool"],
            tests: ["shows no text by REST before it has ended"]),
        Lesson(
            6, "deltas are collected for a tenth of a second", ["long", "firehose"],
            tests: [
                "collects deltas for a tenth of a second and ends with the whole text",
                "says three thousand words in a few pieces of four kilobytes at most",
            ]),
        Lesson(7, "parts overlap, and are counted by kind", ["tools_once", "reasoning"]),
        Lesson(
            8, "nothing comes twice, and the count has a hole before the title", ["hello", "lifecycle", "same_session_id"],
            tests: ["counts durable events without a repetition and with the hole before the title"]),
        Lesson(
            9, "an interrupt keeps what was streamed", ["abort_text", "abort_tool", "abort_subagent", "interrupt_retry"],
            tests: ["keeps what was streamed and parks what waits when it is interrupted"]),
        Lesson(
            10, "an interrupt drops permissions without an event, and tells of forms",
            ["abort_permission", "abort_parallel", "abort_question", "delete_asked", "permission_twice"],
            tests: ["drops a permission without an event when the turn is interrupted"]),
        Lesson(11, "a reload answers for the user, and the turn goes on", ["location_reload", "location_evict"]),
        Lesson(
            12, "a prompt is durable when it is answered; steers are taken up together, the queue one by one",
            ["busy_prompt", "busy_two_prompts", "busy_queue", "busy_prompt_in_tool"],
            tests: ["answers waiting steers together and queued prompts one by one in one execution"]),
        Lesson(13, "an interrupt parks what waits", ["busy_abort", "busy_abort_resume"]),
        Lesson(
            14, "the same prompt id again is the same prompt, and wakes the session",
            ["same_message_id", "same_message_id_at_once", "wake", "kill_same_id", "kill_admitted", "inbox"],
            tests: ["takes the same id for the same prompt", "wakes with an empty execution when a delivered id comes again"]),
        Lesson(15, "an execution may succeed without a step", ["same_message_id", "wake"]),
        Lesson(
            16, "of a reject with words the event has none", ["tools_reject_message"], tests: ["goes on when a rejection has a reason"]),
        Lesson(
            17, "the log tells its newest number and nothing else", ["log"], tests: ["tells by its log how far it is, and nothing else"]),
        Lesson(18, "what OpenCode has to say waits in the inbox, and is no prompt", ["plan_mode"]),
        Lesson(
            19, "a retry before output keeps the message, one after it makes a new one",
            ["provider_down", "rate_limit", "provider_cut", "provider_unfinished"], tests: ["retries under the same message"]),
        Lesson(20, "a delete stops first", ["delete_busy", "delete_asked"], tests: ["stops a busy session before it is deleted"]),
        Lesson(21, "the first answers of a directory lie", exempt: "agents, models and providers are never asked for"),
        Lesson(
            22, "a reader that does not read is ended, well-formed", ["slow_reader", "two_clients"],
            tests: ["ends a stream of 2.x that nobody reads when 4,096 frames wait, and no other", "gives every reader the same frames"]),
        Lesson(23, "the agent's shell can read the password", exempt: "no tool is run"),
        Lesson(24, "a database of 1.18 is taken over", exempt: "nothing is kept on disk; the real binaries are upgraded in ProgramTests"),
        Lesson(
            25, "agent and model are the session's, and unchecked", ["bad_requests", "model_switch"],
            tests: ["keeps a prompt for an unknown agent in the inbox", "a switch's row has the id of its event"]),
        Lesson(
            26, "always is durable", ["tools_always", "kill_always"], tests: ["asks no more for what is always allowed"]),
    ]
}
