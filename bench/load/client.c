/*
 * The clients in front of the proxies: one thread, one epoll.
 *
 *   client WORKLOAD PORT HELLO [option value]...
 *
 *   short   ClientHello, read to the end of stream, again. An answer that is not 2 KiB is an error
 *   down    ClientHello, then count what comes
 *   up      ClientHello, then send as fast as it goes
 *   idle    ClientHello, one answer, hold; ends with its standard input
 *
 *   -c N    connections at a time (32)          -w S   seconds before measuring (1)
 *   -r N    new connections a second, at scheduled times, instead of -c; short only
 *   -d S    seconds measured (3)                -n N   connections at most (3,000,000)
 *   -t H:P  ask for it by CONNECT first         -a F   file of Proxy-Authorization values, used in turn
 *   -h A    the proxy's address (127.0.0.1)
 *
 * Prints "begin" and "end" at the edges of what is measured, so that its caller reads the proxy's CPU there, then one
 * line of JSON. A latency counts from the time the connection was due, not from when there was time for it.
 */
#include "net.h"

enum workload { SHORT, DOWN, UP, IDLE };
enum state { CONNECTING, ASKING, SPEAKING };

struct connection {
    int fd;
    enum state state;
    uint64_t due;
    size_t got;
    char head[256];
};

enum outcome { GOING, DONE, FAILED };

static const char *const names[] = {"short", "down", "up", "idle"};

static enum workload workload;
static struct sockaddr_in proxy;
static unsigned char hello[65536];
static size_t hello_bytes;
static const char *destination;
static char *requests[256];
static int request_count;
static int concurrency = 32;
static double rate, warm = 1, seconds = 3;
static uint64_t most = 3000000;

static int epoll;
static uint64_t started, done, failed, bytes;
static bool measuring;
static uint32_t *latencies; /* ns, of the connections measured */
static size_t latency_count;
static char scratch[BULK_BYTES];

static void read_hello(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail(path);
    }
    hello_bytes = fread(hello, 1, sizeof hello, file);
    fclose(file);
    if (hello_bytes < RECORD_HEADER || hello_bytes != record_bytes(hello)) {
        fprintf(stderr, "%s is not one whole TLS record\n", path);
        exit(2);
    }
}

/* One CONNECT for each line of the file; without a file one without a tag. */
static void write_requests(const char *path) {
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    char line[1024] = "";
    if (path != NULL && file == NULL) {
        fail(path);
    }
    do {
        if (file != NULL && fgets(line, sizeof line, file) == NULL) {
            break;
        }
        line[strcspn(line, "\r\n")] = 0;
        if (asprintf(&requests[request_count++], "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n", destination,
                    destination, *line ? "Proxy-Authorization: " : "", line, *line ? "\r\n" : "") < 0) {
            fail("asprintf");
        }
    } while (file != NULL && request_count < 256);
    if (file != NULL) {
        fclose(file);
    }
}

static bool send_all(int fd, const void *what, size_t length) {
    return send(fd, what, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static enum outcome speak(struct connection *c) {
    c->state = SPEAKING;
    c->got = 0;
    return send_all(c->fd, hello, hello_bytes) ? GOING : FAILED;
}

static bool begin(struct connection *c, uint64_t due) {
    *c = (struct connection){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .due = due};
    if (c->fd < 0) {
        fail("socket");
    }
    no_delay(c->fd);
    started++;
    if (connect(c->fd, (struct sockaddr *)&proxy, sizeof proxy) < 0 && errno != EINPROGRESS) {
        failed++;
        close(c->fd);
        c->fd = -1;
        return false;
    }
    watch(epoll, EPOLL_CTL_ADD, c->fd, EPOLLOUT, c);
    return true;
}

static enum outcome connected(struct connection *c) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        return FAILED;
    }
    watch(epoll, EPOLL_CTL_MOD, c->fd, EPOLLIN, c);
    if (destination == NULL) {
        return speak(c);
    }
    c->state = ASKING;
    const char *request = requests[started % (uint64_t)request_count];
    return send_all(c->fd, request, strlen(request)) ? GOING : FAILED;
}

static enum outcome asked(struct connection *c) {
    ssize_t n = recv(c->fd, c->head + c->got, sizeof c->head - 1 - c->got, 0);
    if (n <= 0) {
        return FAILED;
    }
    c->got += (size_t)n;
    c->head[c->got] = 0;
    if (strstr(c->head, "\r\n\r\n") == NULL) {
        return c->got + 1 < sizeof c->head ? GOING : FAILED;
    }
    if (strncmp(c->head, "HTTP/1.1 200 ", 13) != 0) {
        return FAILED;
    }
    enum outcome outcome = speak(c);
    if (outcome == GOING && workload == UP) {
        watch(epoll, EPOLL_CTL_MOD, c->fd, EPOLLOUT, c);
    }
    return outcome;
}

static enum outcome read_short(struct connection *c) {
    ssize_t n = recv(c->fd, scratch, sizeof scratch, 0);
    if (n > 0) {
        c->got += (size_t)n;
        bytes += (uint64_t)n;
        return GOING;
    }
    if (n < 0 && errno == EAGAIN) {
        return GOING;
    }
    return n == 0 && c->got == ANSWER_BYTES ? DONE : FAILED;
}

static enum outcome read_bulk(struct connection *c) {
    for (int turn = 0; turn < 4; turn++) {
        ssize_t n = recv(c->fd, NULL, 1 << 20, MSG_TRUNC | MSG_DONTWAIT);
        if (n <= 0) {
            return n < 0 && errno == EAGAIN ? GOING : FAILED;
        }
        bytes += (uint64_t)n;
    }
    return GOING;
}

static enum outcome write_bulk(struct connection *c) {
    for (int turn = 0; turn < 2; turn++) {
        ssize_t n = send(c->fd, scratch, sizeof scratch, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0) {
            return errno == EAGAIN ? GOING : FAILED;
        }
        bytes += (uint64_t)n;
    }
    return GOING;
}

static enum outcome read_idle(struct connection *c) {
    ssize_t n = recv(c->fd, scratch, sizeof scratch, 0);
    if (n <= 0) {
        return n < 0 && errno == EAGAIN ? GOING : FAILED;
    }
    if (c->got == 0) {
        done++;
    }
    c->got += (size_t)n;
    return GOING;
}

static enum outcome step(struct connection *c, uint32_t events) {
    switch (c->state) {
        case CONNECTING: {
            enum outcome outcome = connected(c);
            if (outcome == GOING && c->state == SPEAKING && workload == UP) {
                watch(epoll, EPOLL_CTL_MOD, c->fd, EPOLLOUT, c);
            }
            return outcome;
        }
        case ASKING:
            return asked(c);
        case SPEAKING:
            break;
    }
    switch (workload) {
        case SHORT:
            return read_short(c);
        case DOWN:
            return read_bulk(c);
        case UP:
            return events & (EPOLLHUP | EPOLLERR) ? FAILED : write_bulk(c);
        case IDLE:
            return read_idle(c);
    }
    return FAILED;
}

static int by_value(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static double percentile_micros(double share) {
    return latency_count == 0 ? 0 : latencies[(size_t)(share * (double)(latency_count - 1))] / 1000.0;
}

static void end(struct connection *c, enum outcome outcome) {
    close(c->fd);
    c->fd = -1;
    if (outcome == FAILED) {
        failed++;
        return;
    }
    done++;
    if (measuring && latency_count < most) {
        uint64_t took = now_nanos() - c->due;
        latencies[latency_count++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    }
}

static int options(int count, char **values) {
    if (count < 4) {
        return 2;
    }
    while (workload <= IDLE && strcmp(names[workload], values[1]) != 0) {
        workload++;
    }
    if (workload > IDLE) {
        return 2;
    }
    read_hello(values[3]);
    const char *tags = NULL, *host = "127.0.0.1";
    int option;
    optind = 4;
    while ((option = getopt(count, values, "c:r:w:d:n:t:a:h:")) > 0) {
        switch (option) {
            case 'c': concurrency = atoi(optarg); break;
            case 'r': rate = atof(optarg); break;
            case 'w': warm = atof(optarg); break;
            case 'd': seconds = atof(optarg); break;
            case 'n': most = strtoull(optarg, NULL, 10); break;
            case 't': destination = optarg; break;
            case 'a': tags = optarg; break;
            case 'h': host = optarg; break;
            default: return 2;
        }
    }
    proxy = at(host, atoi(values[2]));
    if (destination != NULL) {
        write_requests(tags);
    }
    return 0;
}

/* Opens them 64 at a time, says how many are held, and holds them until its caller has had a look. */
static void hold(struct connection *all) {
    struct epoll_event events[256];
    int opened = 0;
    uint64_t end_at = now_nanos() + (uint64_t)(seconds * 1e9);
    while (done + failed < (uint64_t)concurrency && now_nanos() < end_at) {
        while (opened < concurrency && (uint64_t)opened - done - failed < 64) {
            begin(&all[opened++], 0);
        }
        int n = epoll_wait(epoll, events, 256, 50);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (c->fd >= 0 && step(c, events[i].events) == FAILED) {
                end(c, FAILED);
            }
        }
    }
    printf("{\"held\": %lu, \"errors\": %lu}\n", (unsigned long)done, (unsigned long)failed);
    fflush(stdout);
    char nothing;
    while (read(STDIN_FILENO, &nothing, 1) > 0) {
    }
}

static int wait_until(uint64_t due, struct epoll_event *events, int room) {
    uint64_t now = now_nanos(), wait = due > now ? due - now : 0;
    struct timespec patience = {.tv_nsec = (long)(wait < 50000000 ? wait : 50000000)};
    return epoll_pwait2(epoll, events, room, &patience, NULL);
}

static void run(struct connection *all, int capacity) {
    struct epoll_event events[512];
    int *spare = calloc((size_t)capacity, sizeof *spare), spares = 0;
    if (spare == NULL) {
        fail("calloc");
    }
    for (int i = capacity - 1; i >= 0; i--) {
        spare[spares++] = i;
    }
    uint64_t start = now_nanos(), from = start + (uint64_t)(warm * 1e9), to = from + (uint64_t)(seconds * 1e9);
    uint64_t began = start, next = start, last = start, done_before = 0, failed_before = 0, bytes_before = 0;
    uint64_t gap = rate > 0 ? (uint64_t)(1e9 / rate) : 0;
    for (;;) {
        uint64_t now = now_nanos();
        if (!measuring && now >= from) {
            puts("begin");
            fflush(stdout);
            measuring = true;
            began = now_nanos();
            done_before = done;
            failed_before = failed;
            bytes_before = bytes;
        }
        if (now >= to || started >= most) {
            break;
        }
        while (spares > 0 && (rate <= 0 || next <= now)) {
            int i = spare[--spares];
            if (!begin(&all[i], rate > 0 ? next : now_nanos())) {
                spare[spares++] = i;
                break;
            }
            next += gap;
        }
        int n = rate > 0 ? wait_until(next, events, 512) : wait_awake(epoll, events, 512, &last, 50);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            enum outcome outcome = c->fd < 0 ? GOING : step(c, events[i].events);
            if (outcome != GOING) {
                end(c, outcome);
                spare[spares++] = (int)(c - all);
            }
        }
    }
    double elapsed = (double)(now_nanos() - began) / 1e9;
    puts("end");
    qsort(latencies, latency_count, sizeof *latencies, by_value);
    printf("{\"seconds\": %.3f, \"flows\": %lu, \"errors\": %lu, \"bytes\": %lu, \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
            elapsed, (unsigned long)(done - done_before), (unsigned long)(failed - failed_before),
            (unsigned long)(bytes - bytes_before), percentile_micros(0.5), percentile_micros(0.99));
}

int main(int count, char **values) {
    allow_many_files();
    if (options(count, values) != 0) {
        fprintf(stderr, "usage: client short|down|up|idle PORT HELLO [-c N] [-r N] [-w S] [-d S] [-n N] [-t H:P] [-a F] [-h A]\n");
        return 2;
    }
    int capacity = rate > 0 ? 4096 : concurrency;
    struct connection *all = calloc((size_t)capacity, sizeof *all);
    latencies = malloc(most * sizeof *latencies);
    epoll = epoll_create1(0);
    if (all == NULL || latencies == NULL || epoll < 0) {
        fail("start");
    }
    if (workload == IDLE) {
        hold(all);
    } else {
        run(all, capacity);
    }
    return 0;
}
