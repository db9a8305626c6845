// The registered sources by slot. An event carries slot and generation, so that one that was still under way for a source
// that is gone finds nothing, even when the slot, or the descriptor's number, has a new owner.

struct Registration: Equatable {
    let slot: UInt32
    let generation: UInt32

    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    init(key: UInt64) {
        self.init(slot: UInt32(truncatingIfNeeded: key), generation: UInt32(truncatingIfNeeded: key >> 32))
    }

    /// What the kernel keeps with the descriptor.
    var key: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

struct SourceTable {
    private struct Slot {
        var source: (any EventSource)?
        var generation: UInt32
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    var count: Int { slots.count - free.count }

    mutating func insert(_ source: any EventSource) -> Registration {
        guard let slot = free.popLast() else {
            slots.append(Slot(source: source, generation: 0))
            return Registration(slot: UInt32(slots.count - 1), generation: 0)
        }
        slots[Int(slot)].source = source
        return Registration(slot: slot, generation: slots[Int(slot)].generation)
    }

    mutating func remove(_ registration: Registration) {
        let slot = Int(registration.slot)
        guard slot < slots.count, slots[slot].generation == registration.generation, slots[slot].source != nil else { return }
        slots[slot].source = nil
        slots[slot].generation &+= 1
        free.append(registration.slot)
    }

    /// Nil where the registration is over.
    subscript(registration: Registration) -> (any EventSource)? {
        guard Int(registration.slot) < slots.count else { return nil }
        let slot = slots[Int(registration.slot)]
        return slot.generation == registration.generation ? slot.source : nil
    }

    var all: [any EventSource] { slots.compactMap(\.source) }
}
