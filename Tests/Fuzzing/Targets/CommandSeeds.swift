// Commands as clients send them: no vectors hold them.

enum CommandSeeds {
    static let all = [
        #"{"id":"c1","do":"prompt","parts":[{"type":"text","text":"\ud83d\u0041"},{"type":"file","mime":"a/b","url":"data:"}],"model":"a/b"}"#,
        #"{"id":"c1","do":"prompt","content":"hello","agent":"build","model":{"provider":"a","id":"b","variant":"c"}}"#,
        #"{"id":"c1","do":"stop","turn":3}"#,
        #"{"id":"c1","do":"permission","permission":"per_1","reply":"reject","message":"no"}"#,
        #"{"id":"c1","do":"question","question":"q","answer":{"a":[1,2.5e3,null]}}"#,
        #"{"id":"c1","do":"question","question":"q","reject":true}"#,
        #"{"id":"c1","title":"t","directory":"/p","agent":"build"}"#,
        #"{"repo":"r","branch":"main"}"#,
    ]
}
