// Transactions and savepoints as scopes: what throws is undone. After some errors SQLite has undone the whole transaction already; then
// nothing is left to roll back, and only the error goes on.

extension Connection {
    /// A writing transaction: the lock is taken at the beginning, so it cannot fail half-way for want of it.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try refuseAfterFailedSync()
        return try scope(begin: "BEGIN IMMEDIATE", body)
    }

    /// One state of the database for all reads inside.
    public func readTransaction<Result>(_ body: () throws -> Result) throws -> Result {
        try scope(begin: "BEGIN", body)
    }

    /// A part of a transaction that can be undone alone.
    public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        precondition(isInTransaction, "a savepoint stands inside a transaction")
        try statement("SAVEPOINT part").run()
        do {
            let result = try body()
            try statement("RELEASE part").run()
            return result
        } catch {
            if isInTransaction {
                try statement("ROLLBACK TO part").run()
                try statement("RELEASE part").run()
            }
            throw error
        }
    }

    private func scope<Result>(begin: StaticString, _ body: () throws -> Result) throws -> Result {
        try statement(begin).run()
        do {
            let result = try body()
            resetStatements()
            try statement("COMMIT").run()
            return result
        } catch {
            // A rollback that fails has rolled back all the same; the first error says why.
            if isInTransaction { try? statement("ROLLBACK").run() }
            throw error
        }
    }
}
