/*
 * The load of a relay of datagrams, clients and origin in one thread: a socket for each relay named, sessions spread
 * over them, and one socket that is every destination.
 *
 *   udp_load RELAY[,RELAY]... [option value]...      ports of loopback; one may be named several times
 *
 *   -s N    sessions, each to an address of loopback of its own (4)     -w S   seconds before measuring (1)
 *   -b N    bytes of a request (1200)                                   -d S   seconds measured (3)
 *   -a N    answers to each (1)                                         -r N   requests a second at most
 *   -B N    bytes of an answer (as a request)                           -h 1   hold the sessions; ends with its input
 *   -p N    requests on their way at most (64)
 *
 *   -R A    address of the relays (127.0.0.1)                           -N F   network namespace of the origin, a file
 *   -A A    address of the first destination, the others follow         -S A   no relay: datagrams are sent to where they
 *           (127.1.0.1)                                                        shall go, from A and those that follow, by
 *   -F N    beside it, datagrams a second to ever other ports, from            the ports named
 *           the address that follows the last client's; needs -S    -O N    port of the origin (any)
 *
 * A request is sent when the answers to another have come, so that no socket is sent more than it has room for. What is
 * not answered for two seconds is lost, and an error. Each session is opened by a request of its own first.
 *
 * It never sleeps while it measures: see wait_awake. Two processes would have to yield to each other, and on a machine
 * that others use too would yield to those.
 *
 * Prints "begin" and "end" at the edges of what is measured, then one line of JSON. A datagram counts once, when it is
 * sent or received here: that is how many the relay was given, or gave. Times are from when a request was due to its
 * answer, of the first million; a flood's datagrams are not counted with the others.
 */
#include "datagrams.h"

#include <fcntl.h>
#include <stddef.h>

enum { MOST_SOCKETS = 256, MOST_TIMES = 1 << 20, FLOODED_PORTS = 40000 };

static const uint64_t PATIENCE = 2000ull * 1000 * 1000;

struct out {
    int fd;
    int waiting;
    struct mmsghdr messages[AT_A_TIME];
    struct iovec parts[AT_A_TIME];
    struct sockaddr_in to[AT_A_TIME];
    unsigned char bytes[AT_A_TIME][2048];
};

static struct out *outs;
static int sockets, sessions = 4, request_bytes = 1200, answers = 1, answer_bytes, most = 64;
static double rate, flood_rate, warm = 1, seconds = 3;
static const char *relays = "127.0.0.1", *clients, *namespace;
static uint32_t first = 0x7f010001u;
static int wanted_port;
static bool hold;
static uint16_t origin_port;

static int epoll, origin, turn;
static uint64_t sent, received, lost, last, flooded;
static uint32_t times[MOST_TIMES];
static int timed;
static struct out *flood;
/* Answers that are to come. */
static int64_t outstanding;

static void flush(struct out *out) {
    int n = send_many(out->fd, out->messages, out->waiting);
    sent += (uint64_t)n;
    out->waiting = 0;
}

static void flush_all(void) {
    for (int i = 0; i < sockets; i++) {
        if (outs[i].waiting > 0) {
            flush(&outs[i]);
        }
    }
}

/* The next datagram of a socket, with room for as much; where it begins is for the header of SOCKS. */
static unsigned char *next(struct out *out, int length, struct sockaddr_in to) {
    if (out->waiting == AT_A_TIME) {
        flush(out);
    }
    int i = out->waiting++;
    unsigned char *bytes = out->bytes[i];
    struct msghdr *header = &out->messages[i].msg_hdr;
    out->parts[i] = (struct iovec){bytes, (size_t)(SOCKS_HEADER + length)};
    *header = (struct msghdr){.msg_iov = &out->parts[i], .msg_iovlen = 1};
    if (clients != NULL) {
        out->to[i] = to;
        out->parts[i] = (struct iovec){bytes + SOCKS_HEADER, (size_t)length};
        header->msg_name = &out->to[i];
        header->msg_namelen = sizeof to;
    }
    memcpy(bytes, "\0\0\0\1", 4);
    memcpy(bytes + 4, &to.sin_addr, 4);
    memcpy(bytes + 8, &to.sin_port, 2);
    return bytes + SOCKS_HEADER;
}

static struct sockaddr_in destination(int session, uint16_t port) {
    return (struct sockaddr_in){
            .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(first + (uint32_t)session)};
}

static void ask(uint16_t wanted, uint16_t bytes, int length, uint64_t due) {
    int session = turn++ % sessions;
    struct request request = {.answers = wanted, .bytes = bytes, .session = (uint32_t)session, .due = due};
    struct out *out = &outs[session % sockets];
    memcpy(next(out, length, destination(session, origin_port)), &request, sizeof request);
    if (outstanding == 0) {
        last = now_nanos();
    }
    outstanding += wanted;
}

static void receive(struct out *out) {
    static unsigned char bytes[AT_A_TIME][2048];
    struct mmsghdr in[AT_A_TIME];
    struct iovec into[AT_A_TIME];
    int n = AT_A_TIME;
    while (n == AT_A_TIME) {
        for (int i = 0; i < AT_A_TIME; i++) {
            into[i] = (struct iovec){bytes[i], sizeof bytes[i]};
            in[i].msg_hdr = (struct msghdr){.msg_iov = &into[i], .msg_iovlen = 1};
        }
        n = recvmmsg(out->fd, in, AT_A_TIME, 0, NULL);
        if (n > 0) {
            received += (uint64_t)n;
            outstanding -= n;
            last = now_nanos();
        }
        for (int i = 0; i < n && timed < MOST_TIMES; i++) {
            uint64_t due;
            memcpy(&due, bytes[i] + (clients == NULL ? SOCKS_HEADER : 0) + offsetof(struct request, due), sizeof due);
            times[timed++] = (uint32_t)((last - due) / 1000);
        }
    }
    if (outstanding < 0) {
        outstanding = 0;
    }
}

/*
 * The origin: sends each request's answers, from the address that the request came to. Bound to every address of
 * loopback, of which there are 16 million, so that one socket is as many destinations as are wanted.
 */
enum { CONTROL = CMSG_SPACE(sizeof(struct in_pktinfo)) };

static char in_bytes[AT_A_TIME][2048], out_bytes[AT_A_TIME][2048];
static char controls[AT_A_TIME][CONTROL] __attribute__((aligned(8)));
static struct sockaddr_in names[AT_A_TIME];
static struct mmsghdr answering[AT_A_TIME];
static struct iovec from[AT_A_TIME];
static int waiting;

static void flush_answers(int fd) {
    for (int sent = 0; sent < waiting;) {
        /* None, while the socket's buffer is full of what the relay has not been given yet: it will be, soon. */
        sent += send_many(fd, answering + sent, waiting - sent);
    }
    waiting = 0;
}

static void answer(int fd, int i) {
    struct request request;
    memcpy(&request, in_bytes[i], sizeof request);
    bool possible = request.bytes >= sizeof request && request.bytes <= sizeof out_bytes[0];
    size_t bytes = possible ? request.bytes : sizeof request;
    for (int j = 0; j < request.answers; j++) {
        if (waiting == AT_A_TIME) {
            flush_answers(fd);
        }
        memcpy(out_bytes[waiting], &request, sizeof request);
        from[waiting] = (struct iovec){out_bytes[waiting], bytes};
        answering[waiting].msg_hdr = (struct msghdr){.msg_name = &names[i],
                .msg_namelen = sizeof names[i],
                .msg_iov = &from[waiting],
                .msg_iovlen = 1,
                .msg_control = controls[i],
                .msg_controllen = CONTROL};
        waiting++;
    }
}

static void serve(int fd) {
    struct mmsghdr in[AT_A_TIME];
    struct iovec into[AT_A_TIME];
    for (int i = 0; i < AT_A_TIME; i++) {
        into[i] = (struct iovec){in_bytes[i], sizeof in_bytes[i]};
        in[i].msg_hdr = (struct msghdr){.msg_name = &names[i],
                .msg_namelen = sizeof names[i],
                .msg_iov = &into[i],
                .msg_iovlen = 1,
                .msg_control = controls[i],
                .msg_controllen = CONTROL};
    }
    int received = recvmmsg(fd, in, AT_A_TIME, 0, NULL);
    for (int i = 0; i < received; i++) {
        if (in[i].msg_len >= sizeof(struct request)) {
            /* What told where it came to says where answers come from, if the interface is left open. */
            struct in_pktinfo *told = (struct in_pktinfo *)CMSG_DATA((struct cmsghdr *)controls[i]);
            told->ipi_ifindex = 0;
            answer(fd, i);
        }
    }
    flush_answers(fd);
}

/* A socket is of the network that its maker was in. */
static int datagram_socket_there(void) {
    if (namespace == NULL) {
        return datagram_socket();
    }
    int here = open("/proc/self/ns/net", O_RDONLY), there = open(namespace, O_RDONLY);
    if (here < 0 || there < 0 || setns(there, CLONE_NEWNET) < 0) {
        fail(namespace);
    }
    int fd = datagram_socket();
    if (setns(here, CLONE_NEWNET) < 0) {
        fail("setns");
    }
    return fd;
}

static int origin_socket(void) {
    int fd = datagram_socket_there(), on = 1;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)wanted_port)};
    if (bind(fd, (struct sockaddr *)&any, sizeof any) < 0
            || setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0) {
        fail("origin");
    }
    much_room(fd);
    memset(out_bytes, 'x', sizeof out_bytes);
    origin_port = htons((uint16_t)bound_port(fd));
    watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, NULL);
    return fd;
}

/* Looks at what has come, without sleeping. */
static void look(void) {
    struct epoll_event events[64];
    int n = epoll_wait(epoll, events, 64, 0);
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == NULL) {
            serve(origin);
        } else {
            receive(events[i].data.ptr);
        }
    }
    if (n == 0 && outstanding > 0 && now_nanos() - last > PATIENCE) {
        lost += (uint64_t)outstanding;
        outstanding = 0;
    }
}

/* One request each, few at a time; how many were answered. */
static uint64_t open_all(void) {
    uint64_t before = received;
    for (int opened = 0; opened < sessions || outstanding > 0;) {
        while (opened < sessions && outstanding < 32) {
            ask(1, LEAST_BYTES, LEAST_BYTES, now_nanos());
            opened++;
        }
        flush_all();
        look();
    }
    return received - before;
}

/* As many as are due; nobody waits for an answer. */
static void flood_until(uint64_t due) {
    static const struct request nothing;
    uint64_t before = sent;
    for (; flooded < due; flooded++) {
        struct sockaddr_in to = destination(0, htons((uint16_t)(1024 + flooded % FLOODED_PORTS)));
        memcpy(next(flood, sizeof nothing, to), &nothing, sizeof nothing);
    }
    flush(flood);
    sent = before;
}

static int by_time(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static uint32_t percentile(int of_hundred) {
    return timed == 0 ? 0 : times[(int64_t)(timed - 1) * of_hundred / 100];
}

static void run(void) {
    uint64_t start = now_nanos(), from = start + (uint64_t)(warm * 1e9), to = from + (uint64_t)(seconds * 1e9);
    uint64_t next_due = start, gap = rate > 0 ? (uint64_t)(1e9 / rate) : 0;
    uint64_t began = start, before = 0, lost_before = 0;
    bool measuring = false;
    for (uint64_t now = start; now < to; now = now_nanos()) {
        if (!measuring && now >= from) {
            puts("begin");
            fflush(stdout);
            measuring = true;
            began = now_nanos();
            before = sent + received;
            lost_before = lost;
            timed = 0;
        }
        if (flood != NULL) {
            flood_until((uint64_t)((double)(now - start) / 1e9 * flood_rate));
        }
        while (outstanding + answers <= (int64_t)most * answers && (gap == 0 || next_due <= now)) {
            ask((uint16_t)answers, (uint16_t)answer_bytes, request_bytes, gap == 0 ? now_nanos() : next_due);
            next_due += gap;
        }
        flush_all();
        look();
    }
    double elapsed = (double)(now_nanos() - began) / 1e9;
    puts("end");
    qsort(times, (size_t)timed, sizeof times[0], by_time);
    printf("{\"seconds\": %.3f, \"datagrams\": %lu, \"errors\": %lu, \"p50_us\": %u, \"p99_us\": %u}\n", elapsed,
            (unsigned long)(sent + received - before), (unsigned long)(lost - lost_before), percentile(50),
            percentile(99));
}

/* By its place among the clients, when these have addresses. */
static void bind_client(int fd, int place, int port) {
    struct sockaddr_in address = at(clients, port);
    address.sin_addr.s_addr = htonl(ntohl(address.sin_addr.s_addr) + (uint32_t)place);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        fail("bind");
    }
}

static void reach(char *ports) {
    outs = calloc(MOST_SOCKETS + 1, sizeof *outs);
    epoll = epoll_create1(0);
    if (outs == NULL || epoll < 0) {
        fail("start");
    }
    for (char *port = strtok(ports, ","); port != NULL && sockets < MOST_SOCKETS; port = strtok(NULL, ",")) {
        struct out *out = &outs[sockets];
        struct sockaddr_in relay = at(relays, atoi(port));
        out->fd = datagram_socket();
        much_room(out->fd);
        if (clients != NULL) {
            bind_client(out->fd, sockets, atoi(port));
        } else if (connect(out->fd, (struct sockaddr *)&relay, sizeof relay) < 0) {
            fail("connect");
        }
        watch(epoll, EPOLL_CTL_ADD, out->fd, EPOLLIN, out);
        sockets++;
    }
    if (flood_rate > 0 && clients != NULL) {
        flood = &outs[sockets];
        flood->fd = datagram_socket();
        bind_client(flood->fd, sockets, 0);
    }
}

static bool options(int count, char **values) {
    int option;
    if (count < 2) {
        return false;
    }
    optind = 2;
    while ((option = getopt(count, values, "s:b:a:B:p:r:w:d:h:R:A:N:S:F:O:")) > 0) {
        switch (option) {
            case 's': sessions = atoi(optarg); break;
            case 'b': request_bytes = atoi(optarg); break;
            case 'a': answers = atoi(optarg); break;
            case 'B': answer_bytes = atoi(optarg); break;
            case 'p': most = atoi(optarg); break;
            case 'r': rate = atof(optarg); break;
            case 'w': warm = atof(optarg); break;
            case 'd': seconds = atof(optarg); break;
            case 'h': hold = atoi(optarg) != 0; break;
            case 'R': relays = optarg; break;
            case 'A': first = ntohl(at(optarg, 0).sin_addr.s_addr); break;
            case 'N': namespace = optarg; break;
            case 'S': clients = optarg; break;
            case 'F': flood_rate = atof(optarg); break;
            case 'O': wanted_port = atoi(optarg); break;
            default: return false;
        }
    }
    reach(values[1]);
    origin = origin_socket();
    if (answer_bytes == 0) {
        answer_bytes = request_bytes;
    }
    return sockets > 0 && sessions > 0 && sessions < 1 << 20 && answers > 0 && request_bytes >= LEAST_BYTES
            && request_bytes <= 2000 && answer_bytes >= LEAST_BYTES && answer_bytes <= 2000;
}

int main(int count, char **values) {
    if (!options(count, values)) {
        fprintf(stderr,
                "usage: udp_load PORT[,PORT]... [-s N] [-b N] [-a N] [-B N] [-p N] [-r N] [-w S] [-d S] [-h 1]\n"
                "       [-R ADDRESS] [-A ADDRESS] [-N NAMESPACE] [-S ADDRESS] [-F N] [-O PORT]\n");
        return 2;
    }
    uint64_t answered = open_all();
    if (!hold) {
        run();
        return 0;
    }
    printf("{\"held\": %lu, \"errors\": %lu}\n", (unsigned long)answered, (unsigned long)lost);
    fflush(stdout);
    char nothing;
    while (read(STDIN_FILENO, &nothing, 1) > 0) {
    }
    return 0;
}
