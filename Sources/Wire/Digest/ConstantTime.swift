// Comparison of secrets: how long it takes depends on the lengths alone, not on where the two begin to differ.

public enum ConstantTime {
    public static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }
}
