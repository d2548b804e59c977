/* What the client and the back end share: time, addresses, and how big a TLS record is. */
#ifndef POSTERN_BENCH_NET_H
#define POSTERN_BENCH_NET_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWER_BYTES = 2048,      /* of the short flow */
    SERVER_HELLO_BYTES = 64,  /* stands for the server's first flight where the rest is bulk */
    BULK_BYTES = 256 * 1024,  /* one write of bulk */
    RECORD_HEADER = 5
};

/* record: 16 | 03 xx | length | fragment      RFC 8446 section 5.1 */
static inline size_t record_bytes(const unsigned char *header) {
    return RECORD_HEADER + ((size_t)header[3] << 8 | header[4]);
}

static inline uint64_t now_nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void fail(const char *what) {
    perror(what);
    exit(1);
}

static inline void allow_many_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static inline struct sockaddr_in at(const char *host, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        fprintf(stderr, "%s is not an IPv4 address\n", host);
        exit(2);
    }
    return address;
}

static inline void no_delay(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static inline void watch(int epoll, int operation, int fd, uint32_t events, void *who) {
    struct epoll_event event = {.events = events, .data.ptr = who};
    if (epoll_ctl(epoll, operation, fd, &event) < 0) {
        fail("epoll_ctl");
    }
}

/*
 * Waits without sleeping, for a while after the last event. To send to a process that sleeps costs the sender a wake-up,
 * on a virtual machine an interrupt through the hypervisor: more than the send, and the more, the less busy the
 * receiver is. Over a network that price is the receiver's own, so here the proxies must not pay it either. The two
 * processes of the load share a CPU and yield to each other.
 */
static inline int wait_awake(int epoll, struct epoll_event *events, int room, uint64_t *last, int patience_millis) {
    const uint64_t awake = 20 * 1000 * 1000;
    for (;;) {
        int n = epoll_wait(epoll, events, room, 0);
        uint64_t now = now_nanos();
        if (n != 0) {
            *last = now;
            return n;
        }
        if (now - *last > awake) {
            return epoll_wait(epoll, events, room, patience_millis);
        }
        sched_yield();
    }
}

#endif
