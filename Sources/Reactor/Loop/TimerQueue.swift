// Timers in a binary heap by time, then by the order they were set. Each knows its place in the heap, so that setting and
// cancelling cost O(log n) and a cancelled timer holds nothing.

/// Names one timer of one loop. Using it after the timer has fired or was cancelled does nothing.
public struct TimerToken: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32
}

struct TimerQueue {
    private struct Entry {
        var time: Instant
        var order: UInt64
        var slot: UInt32

        static func < (left: Entry, right: Entry) -> Bool {
            left.time == right.time ? left.order < right.order : left.time < right.time
        }
    }

    private struct Slot {
        var body: (() -> Void)?
        var place: Int
        var generation: UInt32
    }

    private var heap: [Entry] = []
    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var nextOrder: UInt64 = 0

    var count: Int { heap.count }
    var earliest: Instant? { heap.first?.time }

    /// What is set from now on does not belong to the round that `popDue(by:before:)` is in.
    var mark: UInt64 { nextOrder }

    mutating func insert(at time: Instant, _ body: @escaping () -> Void) -> TimerToken {
        let slot = takeSlot(body)
        heap.append(Entry(time: time, order: nextOrder, slot: slot))
        nextOrder += 1
        siftUp(heap.count - 1)
        return TimerToken(slot: slot, generation: slots[Int(slot)].generation)
    }

    /// Whether there was such a timer.
    @discardableResult
    mutating func cancel(_ token: TimerToken) -> Bool {
        guard Int(token.slot) < slots.count else { return false }
        let slot = slots[Int(token.slot)]
        guard slot.generation == token.generation, slot.body != nil else { return false }
        remove(at: slot.place)
        return true
    }

    /// Takes out the first timer that is due and was set before the mark: one that sets itself anew with no delay must not
    /// keep the loop from its input.
    mutating func popDue(by now: Instant, before mark: UInt64) -> (() -> Void)? {
        guard let first = heap.first, first.time <= now, first.order < mark else { return nil }
        let body = slots[Int(first.slot)].body
        remove(at: 0)
        return body
    }

    private mutating func takeSlot(_ body: @escaping () -> Void) -> UInt32 {
        if let slot = free.popLast() {
            slots[Int(slot)].body = body
            return slot
        }
        slots.append(Slot(body: body, place: 0, generation: 0))
        return UInt32(slots.count - 1)
    }

    private mutating func remove(at place: Int) {
        let slot = heap[place].slot
        slots[Int(slot)].body = nil
        slots[Int(slot)].generation &+= 1
        free.append(slot)
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        siftDown(place)
        siftUp(place)
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        let entry = heap[place]
        while place > 0, entry < heap[(place - 1) / 2] {
            put(heap[(place - 1) / 2], at: place)
            place = (place - 1) / 2
        }
        put(entry, at: place)
    }

    private mutating func siftDown(_ start: Int) {
        var place = start
        let entry = heap[place]
        while true {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard child < heap.count, heap[child] < entry else { break }
            put(heap[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        heap[place] = entry
        slots[Int(entry.slot)].place = place
    }
}
