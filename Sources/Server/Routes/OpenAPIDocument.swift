// The surface for programs: an OpenAPI 3.1 document, made of the rows that requests are found by. What words and bodies mean is in
// protocol/PROTOCOL.md.

import RelayProtocol
import Wire

enum OpenAPIDocument {
    static let json: [UInt8] = JSONWriter.object { writer in
        writer.member("openapi", "3.1.0")
        writer.key("info")
        writer.object { info in
            info.member("title", "Reprise")
            info.member("version", "\(ControlLine.protocolVersion)")
        }
        writer.member("security", raw: Array(#"[{"token":[]}]"#.utf8))
        writer.key("paths")
        writer.object { write(RouteTable.rows, to: &$0) }
        writer.member("components", raw: components)
    }

    private static let components = Array(
        """
        {"securitySchemes":{"token":{"type":"http","scheme":"bearer"}},"schemas":{"Problem":{"type":"object",\
        "required":["type","title","status","code"],"properties":{"type":{"type":"string"},"title":{"type":"string"},\
        "status":{"type":"integer"},"code":{"type":"string"},"detail":{"type":"string"}}}}}
        """.utf8)

    private static func write(_ rows: [RouteRow], to paths: inout JSONWriter) {
        var written: Set<String> = []
        for path in rows.map(\.path) where written.insert(path).inserted {
            paths.key(named: path)
            paths.object { item in
                for row in rows where row.path == path {
                    item.key(named: row.method.lowercased())
                    item.object { write(row, to: &$0) }
                }
            }
        }
    }

    private static func write(_ row: RouteRow, to operation: inout JSONWriter) {
        operation.member("summary", row.summary)
        if row.isOpen { operation.member("security", raw: Array("[]".utf8)) }
        operation.key("parameters")
        operation.array { list in
            for segment in row.path.split(separator: "/") where segment.hasPrefix("{") {
                list.raw(parameter(String(segment.dropFirst().dropLast()), in: "path"))
            }
            for name in row.query { list.raw(parameter(name, in: "query")) }
        }
        if !row.body.isEmpty {
            operation.key("requestBody")
            operation.object { content(row.body, to: &$0) }
        }
        operation.key("responses")
        operation.object { responses(row, to: &$0) }
    }

    private static func parameter(_ name: String, in place: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("name", name)
            writer.member("in", place)
            writer.member("required", place == "path")
            writer.key("schema")
            writer.object { $0.member("type", ["limit", "wait"].contains(name) ? "integer" : name == "archived" ? "boolean" : "string") }
        }
    }

    private static func responses(_ row: RouteRow, to writer: inout JSONWriter) {
        for answer in row.answers {
            writer.key(named: "\(answer.status)")
            writer.object { response in
                response.member("description", answer.what)
                if !answer.types.isEmpty { content(answer.types, to: &response) }
            }
        }
        writer.key("default")
        writer.object { response in
            response.member("description", "A problem (RFC 9457)")
            let schema = "{\"\(Problem.mediaType)\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}"
            response.member("content", raw: Array(schema.utf8))
        }
    }

    private static func content(_ types: [String], to writer: inout JSONWriter) {
        writer.key("content")
        writer.object { list in
            for type in types {
                list.key(named: type)
                list.object { _ in }
            }
        }
    }
}
