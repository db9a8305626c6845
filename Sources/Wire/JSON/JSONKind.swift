// What a JSON value can be.

/// What a value is, by its first byte.
public enum JSONKind: UInt8, Sendable, Equatable {
    case object, array, string, number, `true`, `false`, null
}
