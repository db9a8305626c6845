import Foundation
import SQLite
import Testing

struct ConnectionTests {
    let folder: TemporaryFolder
    let connection: Connection

    init() throws {
        folder = try TemporaryFolder()
        connection = try Connection(path: folder.file, mode: .readWrite)
        try connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, body BLOB)")
    }

    func insert(_ id: Int, _ name: String? = nil, _ body: [UInt8]? = nil) throws {
        let insert = try connection.statement("INSERT INTO things VALUES (?1, ?2, ?3)")
        insert.bind(1, id)
        insert.bind(2, name)
        insert.bind(3, body)
        try insert.run()
    }

    func count() throws -> Int64 {
        let count = try connection.statement("SELECT count(*) FROM things")
        defer { count.reset() }
        _ = try count.step()
        return count.int(0)
    }

    func kind(_ body: () throws -> Void) -> SQLiteError.Kind? {
        do { try body() } catch { return (error as? SQLiteError)?.kind }
        return nil
    }

    @Test func `gives back what was bound`() throws {
        let body: [UInt8] = [0, 255, 10, 0]
        try insert(1, "ü\u{0}é", body)
        let row = try connection.statement("SELECT id, name, body FROM things")
        #expect(try row.step())
        #expect(row.int(0) == 1 && row.text(1) == "ü\u{0}é" && row.blob(2) == body)
        #expect(row.withBlob(2) { $0.count } == 4)
        #expect(try !row.step())
    }

    @Test func `tells null from empty`() throws {
        try insert(1, "", [])
        try insert(2)
        let row = try connection.statement("SELECT name, body FROM things ORDER BY id")
        #expect(try row.step())
        #expect(!row.isNull(0) && !row.isNull(1) && row.text(0).isEmpty && row.blob(1).isEmpty)
        #expect(try row.step())
        #expect(row.isNull(0) && row.isNull(1) && row.text(0).isEmpty && row.blob(1).isEmpty)
    }

    @Test func `hands out one statement for one place, without old bindings`() throws {
        func statement() throws -> Statement { try connection.statement("SELECT ?1") }
        let first = try statement()
        first.bind(1, 5)
        #expect(try first.step())
        let second = try statement()
        #expect(first === second)
        #expect(try second.step())
        #expect(second.isNull(0))
    }

    @Test func `undoes a transaction that throws`() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try connection.transaction {
                try insert(1)
                throw Stop()
            }
        }
        #expect(try count() == 0)
        #expect(!connection.isInTransaction)
        try connection.transaction { try insert(2) }
        #expect(try count() == 1)
    }

    @Test func `undoes a savepoint and keeps the transaction`() throws {
        struct Stop: Error {}
        try connection.transaction {
            try insert(1)
            #expect(throws: Stop.self) {
                try connection.savepoint {
                    try insert(2)
                    throw Stop()
                }
            }
            try connection.savepoint { try insert(3) }
        }
        #expect(try count() == 2)
    }

    @Test func `reads one state in a read transaction, and lets go of it`() throws {
        try insert(1)
        let reader = try Connection(path: folder.file, mode: .readOnly)
        func seen() throws -> Int64 {
            let row = try reader.statement("SELECT count(*) FROM things")
            _ = try row.step()
            return row.int(0)
        }
        try reader.readTransaction {
            #expect(try seen() == 1)
            try insert(2)
            #expect(try seen() == 1)
        }
        #expect(try seen() == 2)
    }

    @Test func `does not hold a snapshot by a statement that was left on a row`() throws {
        try insert(1)
        let reader = try Connection(path: folder.file, mode: .readOnly)
        try reader.readTransaction { _ = try reader.statement("SELECT * FROM things").step() }
        try insert(2)
        let checkpoint = try connection.statement("PRAGMA wal_checkpoint(TRUNCATE)")
        #expect(try checkpoint.step())
        #expect(checkpoint.int(0) == 0, "somebody still reads")
    }

    @Test func `refuses to write on a reading connection`() throws {
        let reader = try Connection(path: folder.file, mode: .readOnly)
        let error = #expect(throws: SQLiteError.self) { try reader.execute("DELETE FROM things") }
        #expect(error?.kind == .readOnly)
    }

    @Test func `says constraint, full and syntax apart`() throws {
        try insert(1)
        #expect(kind { try insert(1) } == .constraint)
        #expect(kind { try connection.execute("SELEC") } == .other)
        try connection.execute("PRAGMA max_page_count = 4")
        #expect(kind { try insert(2, nil, Array(repeating: 1, count: 100_000)) } == .diskFull)
        try connection.execute("PRAGMA max_page_count = 100000")
        try insert(2, nil, Array(repeating: 1, count: 100_000))
    }

    @Test func `ends the transaction once when a full disk has ended it already`() throws {
        try connection.execute("PRAGMA max_page_count = 4")
        let error = #expect(throws: SQLiteError.self) {
            try connection.transaction { try insert(2, nil, Array(repeating: 1, count: 100_000)) }
        }
        #expect(error?.kind == .diskFull)
        #expect(!connection.isInTransaction)
    }

    @Test func `knows a file that is no database`() throws {
        try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: folder.path + "/other"))
        let other = try Connection(path: folder.path + "/other", mode: .readOnly)
        #expect(kind { try other.execute("SELECT * FROM sqlite_schema") } == .notADatabase)
    }

    @Test func `says where it could not open`() throws {
        let error = #expect(throws: SQLiteError.self) { try Connection(path: folder.path + "/no/where", mode: .readWrite) }
        #expect(error?.kind == .cannotOpen)
        #expect(error?.context.hasSuffix("/no/where") == true)
    }
}
