/* What the datagram tools share: many datagrams with one system call, and what is in them. */
#ifndef POSTERN_BENCH_DATAGRAMS_H
#define POSTERN_BENCH_DATAGRAMS_H

#include "net.h"

enum {
    AT_A_TIME = 32,
    LONGEST = 65536,
    SOCKS_HEADER = 10, /* of IPv4: 0000 | 00 | 01 | address | port16      RFC 1928 section 7 */
    LEAST_BYTES = 16 /* a request */
};

/* What a request begins with, and so do its answers: the origin says it after. */
struct request {
    uint16_t answers; /* how many datagrams come back */
    uint16_t bytes;   /* how long each of them is */
    uint32_t session;
    uint64_t due;     /* nanoseconds */
};

/* As much as the kernel lets us: a burst is to wait here and not to be dropped. */
static inline void much_room(int fd) {
    int room = 4 * 1024 * 1024;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    }
}

static inline int datagram_socket(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        fail("socket");
    }
    return fd;
}

static inline int bound_port(int fd) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
        fail("getsockname");
    }
    return ntohs(address.sin_port);
}

/* Sends them all, in order; how many were sent, less than all where the socket takes no more. */
static inline int send_many(int fd, struct mmsghdr *messages, int count) {
    int sent = 0;
    while (sent < count) {
        int n = sendmmsg(fd, messages + sent, (unsigned)(count - sent), 0);
        if (n <= 0) {
            break;
        }
        sent += n;
    }
    return sent;
}

#endif
