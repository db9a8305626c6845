// The limit: what one epoll thread in C can do when it does nothing but broadcast. The bench compares Reprise with it in the same run.
//
// It speaks as much of the surface as the load generator uses: GET with Upgrade subscribes (whatever the path; `after=` a position or
// `earliest` resumes), POST publishes NDJSON and is answered after the sends were tried; each line goes out as one text frame in the same
// envelope that Reprise gives it. Frames go into one ring in memory; a subscriber is a cursor into it; a flush is one send from cursor to
// head. All requests that one turn of the loop finds are published together. No auth, no limits: loopback only.
//
//   limit [--log FILE]     prints its port on stdout; ends when stdin ends
//
// With a log it is the limit of whoever promises durability: what a turn published is written and synced once, before the first send and
// before the answers. The log is written over in a file that was filled before, as a write-ahead log is: a sync of a file that grows has the
// file system's own records to write, too.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { RING = 64 << 20, IN = 1 << 20, EVENTS = 256, RESUMABLE = 1 << 18 };

struct client {
    int fd;
    int is_subscriber, waits, is_unanswered;
    uint64_t cursor;
    char *in;
    size_t have;
    /// What its last request published; it is answered at the end of the turn.
    uint64_t first, last;
    struct client *previous, *next, *next_publisher;
};

static char *ring;
static uint64_t head, logged, offset;
/// Where the newest frames end, by offset: the places that can be resumed at.
static uint64_t ends[RESUMABLE];
static struct client *subscribers, *publishers, *dead;
static int poller, log_file = -1;

static uint32_t rotate(uint32_t value, int by) { return value << by | value >> (32 - by); }

static void sha1(const unsigned char *text, size_t count, unsigned char digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char block[128] = {0};
    memcpy(block, text, count);
    block[count] = 0x80;
    size_t blocks = count + 9 > 64 ? 2 : 1;
    uint64_t bits = count * 8;
    for (int i = 0; i < 8; i++) block[blocks * 64 - 1 - i] = (unsigned char)(bits >> (8 * i));
    for (size_t b = 0; b < blocks; b++) {
        uint32_t w[80], a = h[0], c = h[1], d = h[2], e = h[3], f = h[4];
        for (int i = 0; i < 16; i++) {
            const unsigned char *p = block + b * 64 + i * 4;
            w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t g = i < 20 ? (c & d) | (~c & e) : i < 40 || i >= 60 ? c ^ d ^ e : (c & d) | (c & e) | (d & e);
            uint32_t t = rotate(a, 5) + g + f + k + w[i];
            f = e, e = d, d = rotate(c, 30), c = a, a = t;
        }
        h[0] += a, h[1] += c, h[2] += d, h[3] += e, h[4] += f;
    }
    for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const unsigned char *bytes, size_t count, char *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        uint32_t v = (uint32_t)bytes[i] << 16 | (i + 1 < count ? bytes[i + 1] << 8 : 0) | (i + 2 < count ? bytes[i + 2] : 0);
        *out++ = letters[v >> 18];
        *out++ = letters[v >> 12 & 63];
        *out++ = i + 1 < count ? letters[v >> 6 & 63] : '=';
        *out++ = i + 2 < count ? letters[v & 63] : '=';
    }
    *out = 0;
}

static void put(const char *bytes, size_t count) {
    size_t at = head % RING, first = count < RING - at ? count : RING - at;
    memcpy(ring + at, bytes, first);
    memcpy(ring, bytes + first, count - first);
    head += count;
}

static void drop(struct client *c) {
    if (c->is_subscriber) {
        if (c->previous) c->previous->next = c->next; else subscribers = c->next;
        if (c->next) c->next->previous = c->previous;
    }
    close(c->fd);
    c->fd = -1;
    c->next = dead;
    dead = c;
}

/// Freed only when no event of this turn can name them any more.
static void bury(void) {
    while (dead) {
        struct client *next = dead->next;
        free(dead->in);
        free(dead);
        dead = next;
    }
}

/// How far subscribers may see: nothing goes out that is not in the log yet.
static uint64_t visible(void) { return log_file < 0 ? head : logged; }

/// What the ring holds between two places, in one part or two.
static int parts_between(uint64_t from, uint64_t to, struct iovec parts[2]) {
    size_t at = from % RING, count = to - from, first = count < RING - at ? count : RING - at;
    parts[0] = (struct iovec){ring + at, first};
    parts[1] = (struct iovec){ring, count - first};
    return count > first ? 2 : 1;
}

/// One send from the cursor to the head.
static int flush(struct client *c) {
    uint64_t end = visible();
    while (c->cursor < end) {
        if (head - c->cursor > RING) return -1;
        struct iovec parts[2];
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)parts_between(c->cursor, end, parts)};
        ssize_t sent = message.msg_iovlen == 2 ? sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT)
                                               : send(c->fd, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            if (errno == EAGAIN) { c->waits = 1; return 0; }
            return -1;
        }
        c->cursor += (uint64_t)sent;
    }
    c->waits = 0;
    return 0;
}

static void flush_all(void) {
    for (struct client *c = subscribers, *next; c; c = next) {
        next = c->next;
        if (!c->waits && flush(c) < 0) drop(c);
    }
}

static void publish_line(const char *line, size_t count) {
    char envelope[96];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int before = snprintf(envelope, sizeof envelope, "{\"at\":\"0001-00000-%010llu\",\"ts\":%lld,\"event\":", (unsigned long long)++offset,
                          (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    size_t payload = (size_t)before + count + 2;
    unsigned char frame[10] = {0x81};
    size_t header = 2;
    if (payload < 126) frame[1] = (unsigned char)payload;
    else if (payload < 65536) frame[1] = 126, frame[2] = (unsigned char)(payload >> 8), frame[3] = (unsigned char)payload, header = 4;
    else {
        frame[1] = 127, header = 10;
        for (int i = 0; i < 8; i++) frame[2 + i] = (unsigned char)((uint64_t)payload >> (56 - 8 * i));
    }
    put((const char *)frame, header);
    put(envelope, (size_t)before);
    put(line, count);
    put("}\n", 2);
    ends[offset % RESUMABLE] = head;
}

static void answer(struct client *c, const char *text) { (void)!send(c->fd, text, strlen(text), MSG_NOSIGNAL); }

/// What `after=` of a request line says, as far as the ring goes back; without it, the head.
static uint64_t resume(const char *line, size_t count) {
    const char *query = memmem(line, count, "after=", 6);
    if (!query) return head;
    uint64_t after = strncmp(query + 6, "earliest", 8) ? strtoull(query + 6 + 11, NULL, 10) : 0;
    if (after >= offset) return head;
    return after == 0 ? 0 : ends[after % RESUMABLE];
}

static void subscribe(struct client *c, const char *key, size_t count) {
    char text[128], accept[32], reply[256];
    unsigned char digest[20];
    int length = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)count, key);
    sha1((unsigned char *)text, (size_t)length, digest);
    base64(digest, 20, accept);
    snprintf(reply, sizeof reply,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: reprise.v1\r\n\r\n", accept);
    answer(c, reply);
    c->is_subscriber = 1;
    c->cursor = resume(c->in, strcspn(c->in, "\r"));
    c->next = subscribers;
    if (subscribers) subscribers->previous = c;
    subscribers = c;
}

static const char *field(const char *text, const char *name) {
    const char *found = strcasestr(text, name);
    return found ? found + strlen(name) + strspn(found + strlen(name), " ") : NULL;
}

/// Requests that are complete are answered; 0 to go on, -1 to close.
static int requests(struct client *c) {
    while (!c->is_subscriber && !c->is_unanswered) {
        c->in[c->have] = 0;
        char *end = strstr(c->in, "\r\n\r\n");
        if (!end) return c->have >= IN ? -1 : 0;
        size_t header = (size_t)(end - c->in) + 4;
        end[2] = 0;
        const char *length = field(c->in, "\r\ncontent-length:"), *key = field(c->in, "\r\nsec-websocket-key:");
        end[2] = '\r';
        size_t body = length ? strtoul(length, NULL, 10) : 0;
        if (header + body > IN) return -1;
        if (c->have < header + body) return 0;
        if (key) {
            subscribe(c, key, strcspn(key, "\r"));
            return flush(c);
        }
        c->first = offset + 1;
        for (char *line = c->in + header, *stop = line + body; line < stop;) {
            char *lf = memchr(line, '\n', (size_t)(stop - line));
            size_t count = lf ? (size_t)(lf - line) : (size_t)(stop - line);
            if (count) publish_line(line, count);
            line += count + 1;
        }
        c->last = offset;
        c->is_unanswered = 1;
        c->next_publisher = publishers;
        publishers = c;
        memmove(c->in, c->in + header + body, c->have - header - body);
        c->have -= header + body;
    }
    return 0;
}

/// Everything that the turn published goes into the log in one write (two where the ring wraps) and one sync.
static void write_log(void) {
    if (log_file < 0 || logged == head) return;
    while (logged < head) {
        struct iovec parts[2];
        parts_between(logged, head, parts);
        ssize_t written = pwrite(log_file, parts[0].iov_base, parts[0].iov_len, (off_t)(logged % RING));
        if (written < 0) abort();
        logged += (uint64_t)written;
    }
    if (fdatasync(log_file)) abort();
}

/// Fills the file, so that no write makes it longer.
static int open_log(const char *path) {
    log_file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log_file < 0) return -1;
    for (int filled = 0; filled < RING;) {
        ssize_t written = write(log_file, ring + filled, (size_t)(RING - filled));
        if (written < 0) return -1;
        filled += (int)written;
    }
    return fsync(log_file);
}

static void answer_publisher(struct client *c) {
    char text[160], reply[256];
    int count = snprintf(text, sizeof text, "{\"first\":\"0001-00000-%010llu\",\"last\":\"0001-00000-%010llu\",\"count\":%llu}",
                         (unsigned long long)c->first, (unsigned long long)c->last, (unsigned long long)(c->last - c->first + 1));
    snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", count, text);
    answer(c, reply);
}

/// Log, then sends, then answers; a publisher that had more to say already begins the next round.
static void end_turn(void) {
    while (publishers) {
        write_log();
        flush_all();
        struct client *answered = publishers;
        publishers = NULL;
        for (struct client *c = answered, *next; c; c = next) {
            next = c->next_publisher;
            if (c->fd < 0) continue;
            c->is_unanswered = 0;
            answer_publisher(c);
            if (requests(c) < 0) drop(c);
        }
    }
}

static void readable(struct client *c) {
    for (;;) {
        if (!c->in) c->in = malloc(IN + 1);
        if (c->is_subscriber) c->have = 0;
        ssize_t got = recv(c->fd, c->in + c->have, IN - c->have, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) break;
        if (got <= 0) return drop(c);
        c->have += (size_t)got;
        if (!c->is_subscriber && requests(c) < 0) return drop(c);
    }
    if (c->is_subscriber) {
        free(c->in);
        c->in = NULL;
    }
}

int main(int count_of_words, char **words) {
    ring = calloc(1, RING);
    if (count_of_words == 3 && !strcmp(words[1], "--log")) {
        if (open_log(words[2])) return 1;
    } else if (count_of_words != 1) {
        fputs("usage: limit [--log FILE]\n", stderr);
        return 2;
    }
    poller = epoll_create1(EPOLL_CLOEXEC);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096)) return 1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, input = {.events = EPOLLIN, .data.ptr = &poller}, events[EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &input);
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &poller) {
                char byte;
                if (read(0, &byte, 1) <= 0) return 0;
                continue;
            }
            if (!events[i].data.ptr) {
                for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    struct client *c = calloc(1, sizeof *c);
                    c->fd = fd;
                    event = (struct epoll_event){.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP, .data.ptr = c};
                    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
                }
                continue;
            }
            struct client *c = events[i].data.ptr;
            if (c->fd < 0) continue;
            if (events[i].events & EPOLLOUT && c->is_subscriber && flush(c) < 0) {
                drop(c);
                continue;
            }
            if (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable(c);
        }
        end_turn();
        bury();
    }
}
