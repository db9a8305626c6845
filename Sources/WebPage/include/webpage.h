// The page's files, embedded: one table, looked up by path.
#pragma once
#include <stddef.h>

struct reprise_web_file {
    const char *path;
    const char *type;
    const unsigned char *bytes;
    size_t count;
};

/// NULL past the end.
const struct reprise_web_file *reprise_web_file_at(size_t index);
extern const size_t reprise_web_file_count;
