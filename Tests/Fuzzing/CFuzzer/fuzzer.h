// What libFuzzer calls and what it offers (LLVM's docs, "libFuzzer").
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Changes `data` in place by one of libFuzzer's own mutations and gives its new length, at most `max_size`.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
