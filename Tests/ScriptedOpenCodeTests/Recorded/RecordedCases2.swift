// The recordings of 2.0.

import ScriptedOpenCode

extension RecordedCases {
    static let second = RecordedCases(
        played: all(whole2, cutShort2, ofTheService2, ofTheirWorld2),
        shown: [
            ("quiet", "RecordedHeartbeatTests"), ("reads", "RecordedReadTests"), ("slow_reader", "ScriptedStreamTests"),
        ],
        leftOut: [
            LeftOutRecording(name: "background", reason: .calls(["POST /background"])),
            LeftOutRecording(name: "branch", reason: .world("a git repository: its branch is changed, and nothing else happens")),
            LeftOutRecording(name: "command", reason: .calls(["POST /command"])),
            LeftOutRecording(name: "compact", reason: .calls(["POST /compact"])),
            LeftOutRecording(
                name: "config_change", reason: .world("a file that is changed beside a turn: it stands in the step's files, nothing else")),
            LeftOutRecording(
                name: "first_use", reason: .world("what a directory's agents, models and commands are in its first second: nobody asks")),
            LeftOutRecording(name: "overrun_flood", reason: .world("a server so busy with four other clients that it serves no stream")),
            LeftOutRecording(name: "revert", reason: .calls(["POST /revert/stage", "POST /revert/commit", "DELETE /revert"])),
            LeftOutRecording(name: "shell", reason: .calls(["POST /shell"])),
            LeftOutRecording(name: "synthetic", reason: .calls(["POST /synthetic"])),
        ])

    private static let whole2 = cases(
        "hello", "markdown", "reasoning", "long", "firehose", "unicode", "silent", "tools_once", "tools_reject", "tools_reject_message",
        "tools_always", "reject_after", "parallel", "parallel_reject", "permission_twice", "outside", "subagent", "question",
        "question_own_words", "question_empty", "question_cancel", "tool_error", "tool_badargs", "tool_unknown", "big_write",
        "chatty_tool", "provider_error", "provider_down", "rate_limit", "provider_cut", "provider_unfinished", "interrupt_retry",
        "abort_parallel", "abort_permission", "abort_question", "abort_idle", "busy_prompt", "busy_two_prompts", "busy_queue",
        "busy_prompt_in_tool", "inbox", "no_resume", "same_message_id_at_once", "same_session_id", "empty_prompt", "delete_asked",
        "pages", "model_switch", "other_directory", "two_clients", "log", "attachments",
        "location_reload", "location_evict", "kill_permission", "kill_question", "kill_always")

    private static let cutShort2 = all(
        cut(
            20, "abort_subagent", "abort_text", "busy_abort", "busy_abort_resume", "wake", "delete_busy", "kill_text", "kill_inbox",
            "kill_same_id", "term_text"),
        cut(10, "big_output", "abort_tool", "kill_tool", "term_tool"))

    private static let ofTheService2 = cut(20, "service_kill", "service_term", "service_reject").map { recording in
        recording.with { $0.isService = true }
    }

    private static let ofTheirWorld2: [RecordedCase] = [
        RecordedCase("bad_requests").with { $0.passesOver = ["POST /command", "POST /revert", "POST /fork"] },
        // The run that the old id woke had begun, and had not looked at the inbox yet.
        RecordedCase("same_message_id").with { $0.moments = [9: .late] },
        RecordedCase("kill_admitted").with { $0.moments = [2: .unheard] },
        RecordedCase("lifecycle").with { $0.passesOver = ["POST /fork", "POST /view", "session.viewed"] },
        RecordedCase("plan_mode").with {
            let failure =
                "Could not find oldString in /home/dev/project/app.py. It must match exactly, including whitespace and indentation."
            $0.choose = edited("edit once, now build", failure, isAsked: true)
            $0.moments = [7: .unheard, 8: .unheard]
        },
    ]
}
