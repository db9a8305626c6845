// What the Glibc module leaves out: epoll, eventfd, timerfd, signalfd, accept4. Declarations only.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>

int accept4(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length, int flags);
int pipe2(int pipes[2], int flags);
