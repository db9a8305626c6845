// Appends that were queued while the last commit ran, in one transaction: each request whole or not at all.

import RelayProtocol
import SQLite

extension LogWriter {
    private struct Prepared {
        let request: AppendRequest
        let blobs: [StoredBlob]
        /// Those that their topics have.
        let known: [Blob]
    }

    private struct Outcome {
        let result: Result<[Appended], LogError>
        /// The topic has the same already, or the request was refused.
        let unwanted: [StoredBlob]
    }

    func commit(_ requests: [AppendRequest]) {
        guard !requests.isEmpty else { return }
        commit(requests.compactMap(storeBlobs)[...])
    }

    private func commit(_ group: ArraySlice<Prepared>) {
        guard !group.isEmpty else { return }
        do {
            let outcomes = try write { transaction in try group.map { try append($0, transaction) } }
            for (prepared, outcome) in zip(group, outcomes) {
                for blob in outcome.unwanted { chores.add(orphan: blob.id) }
                finish(prepared.request, outcome.result)
            }
        } catch {
            // One that cannot be written shall not take the others with it. A disk that fails fails them all.
            if group.count > 1, !isOfTheDisk(error) {
                let middle = group.startIndex + group.count / 2
                commit(group[..<middle])
                return commit(group[middle...])
            }
            for prepared in group {
                for blob in prepared.blobs { chores.add(orphan: blob.id) }
                finish(prepared.request, .failure(LogError(error)))
            }
        }
    }

    /// May run again in another transaction, so it changes nothing but this one.
    private func append(_ prepared: Prepared, _ transaction: LogTransaction) throws -> Outcome {
        let result = try transaction.append(prepared.request.appends)
        guard case .success = result else { return Outcome(result: result, unwanted: prepared.blobs) }
        for blob in prepared.known { try transaction.need(blob) }
        return Outcome(result: result, unwanted: try prepared.blobs.filter { try !transaction.attach($0) })
    }

    /// Nil when it could not be done; the request is answered then.
    private func storeBlobs(_ request: AppendRequest) -> Prepared? {
        var (stored, there): ([StoredBlob], [Blob]) = ([], [])
        do {
            for blob in request.blobs {
                if let topic = try known.find(blob.topic), try BlobTable(database: database).has(blob.hash, topic.number) {
                    there.append(blob)
                } else {
                    stored.append(try BlobTable(database: database).store(blob))
                }
            }
            return Prepared(request: request, blobs: stored, known: there)
        } catch {
            for blob in stored { chores.add(orphan: blob.id) }
            notStored(error, "a blob was not stored")
            finish(request, .failure(LogError(error)))
            return nil
        }
    }

    private func finish(_ request: AppendRequest, _ result: Result<[Appended], LogError>) {
        load.release(request.bytes)
        request.done(result)
    }

    private func isOfTheDisk(_ error: any Error) -> Bool {
        guard let error = error as? SQLiteError else { return error is LogError }
        return switch error.kind {
        case .constraint, .other: false
        default: true
        }
    }
}
