// Reading rows: what every table here does with a bound statement.

import SQLite

extension Statement {
    /// The first row, or nil; the statement is reset.
    func first<Row>(_ read: (Statement) throws -> Row) throws -> Row? {
        defer { reset() }
        return try step() ? try read(self) : nil
    }

    func all<Row>(_ read: (Statement) throws -> Row) throws -> [Row] {
        defer { reset() }
        var rows: [Row] = []
        while try step() { rows.append(try read(self)) }
        return rows
    }

    func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    func bind(_ index: Int, optional value: Int64?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }
}
