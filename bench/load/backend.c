/*
 * The origin behind the proxies: one thread, one epoll, as cheap as it can be made.
 *
 * Listens on five ports of the address it is given, or of loopback, and prints them, "short down up idle paced", on one
 * line. Each connection first sends a whole TLS record (its ClientHello); then
 *
 *   short   is sent 2 KiB and closed
 *   down    is sent bytes until it goes
 *   up      is sent 64 bytes, and what it sends is thrown away
 *   idle    is sent 64 bytes and held
 *   paced   as down, at most 50 MB/s each
 *
 * Ends when its standard input does, so that it never outlives who started it.
 */
#include "net.h"

enum kind { SHORT, DOWN, UP, IDLE, PACED, KINDS };

struct connection {
    int fd;
    enum kind kind;
    bool listening;
    bool greeted; /* the ClientHello is complete */
    unsigned char header[RECORD_HEADER];
    size_t got;
};

static const unsigned PACE = 50u * 1000 * 1000;
static char bulk[BULK_BYTES];
static int epoll;

static void accept_all(struct connection *listener) {
    int fd;
    while ((fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *made = calloc(1, sizeof *made);
        if (made == NULL) {
            fail("calloc");
        }
        made->fd = fd;
        made->kind = listener->kind;
        no_delay(fd);
        if (made->kind == PACED) {
            setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &PACE, sizeof PACE);
        }
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, made);
    }
}

/* Sends; false when the connection is over. A short answer always fits the socket's buffer. */
static bool answer(struct connection *c) {
    switch (c->kind) {
        case SHORT:
            send(c->fd, bulk, ANSWER_BYTES, MSG_NOSIGNAL);
            return false;
        case UP:
        case IDLE:
            return send(c->fd, bulk, SERVER_HELLO_BYTES, MSG_NOSIGNAL) == SERVER_HELLO_BYTES;
        case DOWN:
        case PACED:
            watch(epoll, EPOLL_CTL_MOD, c->fd, EPOLLIN | EPOLLOUT, c);
            return true;
        default:
            return false;
    }
}

static bool greet(struct connection *c) {
    unsigned char in[65536];
    ssize_t n = recv(c->fd, in, sizeof in, 0);
    if (n <= 0) {
        return n < 0 && errno == EAGAIN;
    }
    for (ssize_t i = 0; i < n && c->got + (size_t)i < RECORD_HEADER; i++) {
        c->header[c->got + (size_t)i] = in[i];
    }
    c->got += (size_t)n;
    if (c->got < RECORD_HEADER || c->got < record_bytes(c->header)) {
        return true;
    }
    c->greeted = true;
    return answer(c);
}

/* MSG_TRUNC throws away without copying: the origin is not what is measured. */
static bool discard(struct connection *c) {
    for (int turn = 0; turn < 8; turn++) {
        ssize_t n = recv(c->fd, NULL, 1 << 20, MSG_TRUNC | MSG_DONTWAIT);
        if (n <= 0) {
            return n < 0 && errno == EAGAIN;
        }
    }
    return true;
}

static bool pour(struct connection *c) {
    for (int turn = 0; turn < 2; turn++) {
        ssize_t n = send(c->fd, bulk, sizeof bulk, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0) {
            return errno == EAGAIN;
        }
        if (n < (ssize_t)sizeof bulk) {
            return true;
        }
    }
    return true;
}

static bool serve(struct connection *c, uint32_t events) {
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        bool alive = c->greeted ? discard(c) : greet(c);
        if (!alive) {
            return false;
        }
    }
    return !(events & EPOLLOUT) || pour(c);
}

int main(int count, char **values) {
    allow_many_files();
    /* A plausible record header, so that whoever looks sees TLS application data. */
    memset(bulk, 'x', sizeof bulk);
    memcpy(bulk, "\x17\x03\x03\x07\xfb", RECORD_HEADER);
    epoll = epoll_create1(0);
    static struct connection listeners[KINDS];
    for (int kind = 0; kind < KINDS; kind++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        struct sockaddr_in address = at(count > 1 ? values[1] : "127.0.0.1", 0);
        socklen_t length = sizeof address;
        if (bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, 4096) < 0
                || getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
            fail("listen");
        }
        listeners[kind] = (struct connection){.fd = fd, .kind = (enum kind)kind, .listening = true};
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, &listeners[kind]);
        printf("%d%c", ntohs(address.sin_port), kind + 1 < KINDS ? ' ' : '\n');
    }
    fflush(stdout);
    watch(epoll, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, NULL);
    struct epoll_event events[256];
    uint64_t last = now_nanos();
    for (;;) {
        int n = wait_awake(epoll, events, 256, &last, -1);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (c == NULL) {
                return 0;
            }
            if (c->listening) {
                accept_all(c);
            } else if (!serve(c, events[i].events)) {
                close(c->fd);
                free(c);
            }
        }
    }
}
