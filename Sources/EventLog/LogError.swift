// Why the log could not do what it was asked, and what an operator may try.

import Glibc
import Reactor
import SQLite

public enum LogError: Error, Sendable, Equatable {
    /// The database was written by a later version.
    case schemaIsNewer(found: Int, known: Int)
    /// The database is some other program's.
    case foreignDatabase(String)
    /// The data folder is another user's.
    case foreignFolder(String, owner: UInt32)
    case locked(pid: Int32?)
    /// There is no log in the folder, and what was asked makes none.
    case noLog(folder: String)
    case diskFull
    case readOnly(String)
    case corrupt(String)
    /// A rebuild was begun and did not end.
    case rebuildUnfinished
    case storage(String)
    /// More is queued than the writer takes; try again later.
    case overloaded
    case idempotencyConflict
    /// No offset is left in the topic.
    case exhausted
    case closed

    /// What to try.
    public var hint: String? {
        switch self {
        case .schemaIsNewer: "use the version of reprise that wrote it, or another data folder"
        case .foreignDatabase: "give another data folder"
        case .foreignFolder: "run as its owner, or give another data folder"
        case .locked: "one program at a time writes a data folder: end the other one, or give another folder"
        case .noLog: "give the folder of a server that has run"
        case .diskFull: "free space on the disk; nothing that was committed is lost"
        case .readOnly: "check the owner and the mount of the data folder"
        case .corrupt: "nothing was changed; copy the folder away, then restore a backup"
        case .rebuildUnfinished: "run reprise rebuild again; the log itself is whole"
        case .storage, .overloaded, .idempotencyConflict, .exhausted, .closed: nil
        }
    }

    init(_ error: any Error) {
        switch error {
        case let error as LogError: self = error
        case let error as SQLiteError: self = Self.from(error)
        default: self = .storage("\(error)")
        }
    }

    /// A system call on a file of the data folder has failed.
    init(_ error: SystemError, _ path: String) {
        switch error.code {
        case ENOSPC, EDQUOT: self = .diskFull
        case EACCES, EPERM, EROFS, ENOENT, ENOTDIR: self = .readOnly("\(path): \(error)")
        default: self = .storage("\(path): \(error)")
        }
    }

    private static func from(_ error: SQLiteError) -> LogError {
        switch error.kind {
        case .diskFull: .diskFull
        case .readOnly, .cannotOpen: .readOnly(error.description)
        case .corrupt, .notADatabase: .corrupt(error.description)
        case .synchronizing: .storage("the disk has failed; restart to go on from what is on it: \(error)")
        case .busy, .inputOutput, .constraint, .other: .storage(error.description)
        }
    }
}

extension LogError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .schemaIsNewer(let found, let known): "the database has schema \(found), this program knows \(known)"
        case .foreignDatabase(let path): "\(path) is not a log of reprise"
        case .foreignFolder(let path, let owner): "\(path) belongs to another user (uid \(owner))"
        case .locked(let pid): "the data folder is in use" + (pid.map { " by process \($0)" } ?? "")
        case .noLog(let folder): "there is no log in \(folder)"
        case .diskFull: "the disk is full"
        case .readOnly(let why): "the data folder cannot be written: \(why)"
        case .corrupt(let why): "the database is damaged: \(why)"
        case .rebuildUnfinished: "a rebuild has not ended"
        case .storage(let why): why
        case .overloaded: "more is queued than the log takes"
        case .idempotencyConflict: "the idempotency key was used with another body"
        case .exhausted: "no offset is left"
        case .closed: "the log is closed"
        }
    }
}
