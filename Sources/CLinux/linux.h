// What the Glibc module leaves out: epoll, eventfd, signalfd, accept4, pidfd, thread names. Declarations only.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <stdint.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>

// What glibc's tcp_info leaves out (Linux 4.1), as linux/tcp.h lays it out, as far as it is read here.
struct linux_tcp_info {
    uint8_t state, congestion_state, retransmits, probes, backoff, options, window_scales, limits;
    uint32_t rto, ato, snd_mss, rcv_mss, unacked, sacked, lost, retrans, fackets;
    uint32_t last_data_sent, last_ack_sent, last_data_recv, last_ack_recv;
    uint32_t pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering, rcv_rtt, rcv_space, total_retrans;
    uint64_t pacing_rate, max_pacing_rate, bytes_acked;
};

// Behind _GNU_SOURCE, which must not be defined here: the Glibc module is built without it, and some types would differ.
int accept4(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length, int flags);
int pipe2(int pipes[2], int flags);
int pthread_setname_np(pthread_t thread, const char *name);
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set);
const char *strerrorname_np(int code);
const char *strerrordesc_np(int code);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// glibc 2.36, in a header that C++ cannot read.
int pidfd_open(pid_t process, unsigned int flags);
