import RelayProtocol
import Testing
import Wire

@Suite struct ProblemTests {
    @Test(arguments: ProblemCode.allCases)
    func `is read back as it was written`(code: ProblemCode) throws {
        let problem = Problem(code, "why \"so\"")
        #expect(Problem(try JSON.parse(problem.json)) == problem)
        #expect((400...599).contains(code.status) && !code.title.isEmpty)
        #expect(code.rawValue.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
    }

    @Test func `a code that is not known is taken by its status`() throws {
        #expect(Problem(try JSON.parse(bytes(#"{"status":413,"code":"later"}"#)))?.code == .payloadTooLarge)
        #expect(Problem(try JSON.parse(bytes(#"{"status":599,"code":"later"}"#)))?.code == .internal)
        #expect(Problem(try JSON.parse(bytes(#"{"code":"later"}"#))) == nil)
    }

    @Test func `a status finds the code that has it`() {
        for code in [401, 404, 405, 406, 408, 413, 414, 415, 421, 426, 431, 501, 505] { #expect(ProblemCode(status: code).status == code) }
    }
}
