import Foundation
import RelayProtocol
import TestSupport
import Testing
import Wire

/// The served document, the specification and what the server answers name the same routes.
@Suite(.ownThread) struct SurfaceTests {
    private static let written = ["get", "post", "put", "patch", "delete"]

    private func document(_ server: TestServer) throws -> JSONValue {
        let answer = try server.ask("GET", "/v1/openapi.json")
        #expect(answer.status == 200 && answer.head.headers["content-type"] == "application/json")
        return try JSON.parse(answer.body)
    }

    /// `GET /v1/sessions/{}`, for each.
    private func operations(_ document: JSONValue) -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        for (path, item) in document["paths"]?.members.map({ ($0.key, $0.value) }) ?? [] {
            for (method, operation) in item.members.map({ ($0.key, $0.value) }) { found["\(method.uppercased()) \(path)"] = operation }
        }
        return found
    }

    /// A path of that kind, of a topic that is nobody's.
    private func example(_ path: String) -> String {
        path.replacing("{id}", with: "ses_none").replacing("{topic}", with: "builds").replacing(/\{[a-z]+\}/, with: "x")
    }

    @Test func `it is an OpenAPI document, and each operation is whole`() throws {
        let document = try document(TestServer())
        #expect(document["openapi"]?.string == "3.1.0" && document["info"]?["title"]?.string == "Reprise")
        let operations = operations(document)
        #expect(operations.count > 20)
        for (name, operation) in operations {
            #expect(operation["summary"]?.string?.isEmpty == false, "\(name)")
            #expect(operation["responses"]?.members.count ?? 0 > 1, "\(name)")
            let inPath = operation["parameters"]?.items.filter { $0["in"]?.string == "path" }.compactMap { $0["name"]?.string } ?? []
            #expect(inPath == name.matches(of: /\{([a-z]+)\}/).map { String($0.1) }, "\(name)")
            #expect((operation["requestBody"] != nil) == name.hasPrefix("POST"), "\(name)")
        }
    }

    @Test func `each path answers to its methods and to no other`() throws {
        let server = try TestServer()
        let operations = operations(try document(server))
        for path in Set(operations.keys.map { $0.split(separator: " ")[1] }) {
            let methods = Self.written.map { $0.uppercased() }.filter { operations["\($0) \(path)"] != nil }
            // Nothing is put anywhere.
            let refusal = try server.ask("PUT", example(String(path)))
            #expect(refusal.status == 405, "\(path)")
            let allowed = Set(refusal.head.headers.list("allow"))
            #expect(allowed == Set(methods + (methods.contains("GET") ? ["HEAD"] : [])), "\(path)")
            for method in methods { #expect(try server.ask(method, example(String(path))).status != 405, "\(method) \(path)") }
        }
    }

    @Test func `who has no token is let in where it says so, and nowhere else`() throws {
        let server = try TestServer()
        for (name, operation) in operations(try document(server)) {
            let words = name.split(separator: " ").map(String.init)
            let status = try PlainExchange.ask(server.port, words[0], example(words[1])).status
            #expect((status != 401) == (operation["security"]?.items.isEmpty == true), "\(name)")
        }
    }

    @Test func `the specification lists the same routes, but for those to come`() throws {
        let text = try ProtocolText()
        var listed: Set<String> = []
        for row in text.section("Routes") where row.hasPrefix("| `") && !row.contains("*(later)*") {
            let cell = row.split(separator: "|")[0]
            for match in cell.matches(of: /`(GET|POST|PATCH|DELETE) (\/[^`?]*)/) {
                listed.insert("\(match.1) \(match.2.replacing(/\{[a-z]+\}/, with: "{}"))")
            }
        }
        let served = operations(try document(TestServer())).keys.map { $0.replacing(/\{[a-z]+\}/, with: "{}") }
        #expect(listed == Set(served))
    }
}
