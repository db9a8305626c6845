// The recordings of 1.18.

import ScriptedOpenCode

extension RecordedCases {
    static let first = RecordedCases(
        played: all(whole1, cutShort1, ofTheirWorld1),
        shown: [("quiet", "RecordedHeartbeatTests"), ("reads", "RecordedReadTests")],
        leftOut: [
            LeftOutRecording(name: "branch", reason: .world("a git repository: its branch is changed, and nothing else happens")),
            LeftOutRecording(name: "command", reason: .calls(["POST /command"])),
            LeftOutRecording(name: "remove_message", reason: .calls(["DELETE /message"])),
            LeftOutRecording(name: "revert", reason: .calls(["POST /revert", "POST /unrevert", "GET /diff"])),
            LeftOutRecording(name: "shell", reason: .calls(["POST /shell"])),
            LeftOutRecording(name: "summarize", reason: .calls(["POST /summarize"])),
        ])

    private static let whole1 = cases(
        "hello", "markdown", "reasoning", "long", "firehose", "unicode", "silent", "tools_once", "tools_reject",
        "tools_reject_message", "parallel", "parallel_reject", "permission_twice", "outside", "subagent", "question", "question_reject",
        "tool_error", "tool_badargs", "tool_unknown", "big_write", "provider_error", "provider_down", "rate_limit", "provider_cut",
        "provider_unfinished", "abort_idle", "abort_permission", "abort_question", "busy_prompt", "busy_two_prompts", "same_message_id",
        "same_message_id_at_once", "empty_prompt", "pages", "model_switch", "other_directory", "attachments", "dispose",
        "global_dispose", "kill_permission", "kill_question")

    private static let cutShort1 = all(
        cut(20, "abort_text", "busy_abort", "config_change", "kill_text", "term_text"), cut(12, "delete_busy"),
        cut(10, "abort_tool", "busy_prompt_in_tool", "chatty_tool", "big_output"))

    private static let ofTheirWorld1: [RecordedCase] = [
        RecordedCase("bad_requests").with { $0.passesOver = ["POST /command", "Command not found"] },
        RecordedCase("lifecycle").with { $0.passesOver = ["POST /fork", "POST /share"] },
        RecordedCase("tools_always").with { $0.choose = { changed($0, "add authentication please, again", again1) } },
        RecordedCase("plan_mode").with {
            let failure =
                "Could not find oldString in the file. It must match exactly, including whitespace, indentation, and line endings."
            $0.choose = edited("edit once, now build", failure, isAsked: false)
        },
    ]

    /// The file has six lines by then, and its change is another.
    private static let again1: [(from: String, to: String)] = [
        ("2:     return 'hello'\n", "2:     return 'hello'\n3: \n4: \n5: def login(user, password):\n6:     return user == 'ada'\n"),
        ("total 2 lines", "total 6 lines"), (#""lineEnd":2,"totalLines":2"#, #""lineEnd":6,"totalLines":6"#),
        (
            #"def index():\n    return 'hello'""#,
            #"def index():\n    return 'hello'\n\n\ndef login(user, password):\n    return user == 'ada'""#
        ),
        (
            #"@@ -1,2 +1,6 @@\n def index():\n     return 'hello'\n+"#,
            #"@@ -3,4 +3,8 @@\n \n \n def login(user, password):\n     return user == 'ada'\n+"#
        ),
    ]
}
