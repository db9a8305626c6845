// posix_spawn. The child gets standard input from /dev/null, the two outputs that it is given, and no other descriptor of
// ours; no signal is blocked or ignored in it.

import CLinux
import Glibc

enum Spawn {
    /// The child's process id.
    static func run(
        _ command: ChildCommand, output: borrowing Descriptor, errors: borrowing Descriptor
    ) throws(SystemError) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        // SAFETY: both are initialised here, destroyed below, and not moved in between.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.number, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.number, 2)
        if let directory = command.directory { unsafe posix_spawn_file_actions_addchdir_np(&actions, directory) }
        // Ours are close-on-exec; this is for those that libraries open.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        set(&attributes, command)
        return try unsafe start(command, &actions, &attributes)
    }

    private static func set(_ attributes: inout posix_spawnattr_t, _ command: ChildCommand) {
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if command.hasOwnGroup { flags |= POSIX_SPAWN_SETPGROUP }
        var none = Signals.set([])
        var reset = Signals.set(Signals.heard + [SIGPIPE])
        // SAFETY: the attributes are initialised; the sets are copied during the calls.
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &reset)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
    }

    private static func start(
        _ command: ChildCommand, _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws(SystemError) -> Int32 {
        let arguments = CStrings([command.program] + command.arguments)
        let environment = CStrings(command.environment.map { "\($0.key)=\($0.value)" })
        var process: pid_t = 0
        // SAFETY: both lists end in null and live until the call has returned; so do actions and attributes.
        let code = unsafe posix_spawnp(&process, command.program, &actions, &attributes, arguments.pointers, environment.pointers)
        // It gives its error as its result, not in errno.
        guard code == 0 else { throw SystemError(call: "posix_spawn", code: code) }
        return process
    }
}

/// Strings as C wants a list of them, for as long as this object lives.
@safe private final class CStrings {
    // SAFETY: allocated here, freed by deinit, never handed on.
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { unsafe pointers[index] = strdup(string) }
        unsafe pointers[count] = nil
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}
