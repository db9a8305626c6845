// What all rings of a loop may hold together. A ring that is refused stays as it is, and its slow readers go to the log.

import RelayProtocol

public final class RingBudget {
    public private(set) var freeBytes: Int

    public init(bytes: Int = Limits.allRingsBytes) { freeBytes = bytes }

    func take(_ byteCount: Int) -> Bool {
        guard byteCount <= freeBytes else { return false }
        freeBytes -= byteCount
        return true
    }

    func giveBack(_ byteCount: Int) { freeBytes += byteCount }
}
