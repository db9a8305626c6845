// Every case, in the order of the list that `--help` prints.

enum AllCases {
    static let list: [any Case.Type] = [
        FanoutCase.self, LatencyCase.self, AppendCase.self, IngestCase.self, ResumeStormCase.self, IdleCase.self, OpenCase.self,
        CurvesCase.self, TableCase.self, EchoCase.self, ResumeCase.self,
    ]
}
