// How many processors this process may run on: fewer than the machine has, in a container or under taskset.

import CLinux
import Glibc

public enum Processors {
    /// At least 1.
    public static var available: Int {
        var set = cpu_set_t()
        let size = MemoryLayout<cpu_set_t>.size
        // SAFETY: the kernel writes at most as many bytes as the set has.
        guard unsafe sched_getaffinity(0, size, &set) == 0 else { return 1 }
        return max(1, unsafe withUnsafeBytes(of: set) { unsafe $0.reduce(0) { $0 + $1.nonzeroBitCount } })
    }
}
