// Copying out of a span: the standard library has no bulk append from one yet, and an element by element loop costs
// ten times a memcpy. One of the few places of Wire that touch a pointer.

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    @inlinable
    public mutating func append(copying bytes: Span<UInt8>) {
        // SAFETY: the pointer is the span's own, valid for the call; `append` copies before the closure returns.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// An owned copy of a span.
    @inlinable
    public init(copying bytes: Span<UInt8>) {
        self = []
        append(copying: bytes)
    }
}
