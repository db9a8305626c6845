// How often a thread of the test program has asked for memory: malloc and its kin, whoever called them, Swift's runtime and SQLite included.

#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdbool.h>

/// False under a sanitizer, which has an allocator of its own.
bool allocations_are_counted(void);

/// Since this thread began.
long allocations_of_this_thread(void);

#endif
