// Commands as clients send them: no vectors hold them.

enum CommandSeeds {
    static let all = [
        #"{"id":"c1","do":"prompt","parts":[{"type":"text","text":"\ud83d\u0041"},{"type":"file","mime":"a/b","url":"data:"}],"model":"a/b"}"#,
        #"{"id":"c1","do":"prompt","content":"hello","agent":"build","model":{"provider":"a","id":"b","variant":"c"}}"#,
        #"{"id":"c1","do":"stop","turn":3}"#,
        #"{"id":"c1","do":"permission","permission":"per_1","reply":"reject","message":"no"}"#,
        #"{"id":"c1","do":"question","question":"q","answer":{"a":[1,2.5e3,null]}}"#,
        #"{"id":"c1","do":"question","question":"q","answer":{"q0":"a","q1":["b"]}}"#,
        #"{"id":"c1","do":"permission","permission":"per_1","reply":"once"}"#,
        #"{"id":"c1","do":"question","question":"q","reject":true}"#,
        #"{"id":"c1","title":"t","directory":"/p","agent":"build"}"#,
        #"{"repo":"r","branch":"main"}"#,
    ]

    /// What upstream answers to them, both generations': without it none is carried beyond its first look.
    static let answers = [
        #"/session/ses_1 200 {"id":"ses_1","directory":"/p"}"#,
        #"/session/status 200 {"ses_1":{"type":"busy"}}"#,
        #"/session/ses_1/prompt_async 200 true"#,
        #"/session/ses_1/message 200 []"#,
        #"/session/ses_1/abort 200 true"#,
        #"/permission 200 [{"id":"per_1","sessionID":"ses_1"}]"#,
        #"/permission/per_1/reply 200 true"#,
        #"/question 200 [{"id":"q","sessionID":"ses_1"}]"#,
        #"/question/q/reply 200 true"#,
        #"/question/q/reject 200 true"#,
        #"/api/session 200 {"data":{"id":"ses_1","location":{"directory":"/p"}}}"#,
        #"/api/session/ses_1 200 {"data":{"id":"ses_1","agent":"plan","model":{"id":"m","providerID":"p"}}}"#,
        #"/api/session/active 200 {"data":{}}"#,
        #"/api/session/ses_1/inbox 200 {"data":[]}"#,
        #"/api/session/ses_1/agent 204 "#,
        #"/api/session/ses_1/model 204 "#,
        #"/api/session/ses_1/prompt 200 {"data":{}}"#,
        #"/api/session/ses_1/interrupt 204 "#,
        #"/api/session/ses_1/permission/per_1 200 {"data":{"id":"per_1"}}"#,
        #"/api/session/ses_1/permission/per_1/reply 204 "#,
        #"/api/session/ses_1/form/q 200 {"data":{"id":"q","state":{"status":"pending"}}}"#,
        #"/api/session/ses_1/form/q/reply 204 "#,
    ]
}
