/*
 * The least a relay of datagrams can do: one thread, one epoll, recvmmsg and sendmmsg, 32 at a time.
 *
 * Listens on a port of loopback and prints it. Clients write the header of SOCKS5 before each datagram (IPv4 only); a
 * session is a client's address and port with a destination's, and has a connected socket of its own. The header is
 * read, looked up and taken off on the way out, and written again on the way back. Nobody is asked who he is, nothing
 * is judged, recognised, counted or recorded, and no session ever ends.
 *
 * Ends when its standard input does.
 */
#include "datagrams.h"

enum { BUCKETS = 1 << 16 };

struct session {
    int fd;
    struct sockaddr_in client;
    unsigned char header[SOCKS_HEADER]; /* as the client writes it, and so as its answers are told */
    struct session *next;
};

static int epoll, front;
static struct session *buckets[BUCKETS];
static unsigned char (*room)[LONGEST];
static struct sockaddr_in names[AT_A_TIME];

static struct session *find(const struct sockaddr_in *client, const unsigned char *header) {
    uint32_t to;
    uint16_t port;
    memcpy(&to, header + 4, 4);
    memcpy(&port, header + 8, 2);
    uint64_t mixed = ((uint64_t)client->sin_addr.s_addr << 32 | to) ^ (uint64_t)client->sin_port << 16 ^ port;
    struct session **bucket = &buckets[mixed * 0x9E3779B97F4A7C15u >> 48];
    for (struct session *s = *bucket; s != NULL; s = s->next) {
        if (s->client.sin_addr.s_addr == client->sin_addr.s_addr && s->client.sin_port == client->sin_port
                && memcmp(s->header, header, SOCKS_HEADER) == 0) {
            return s;
        }
    }
    struct session *s = calloc(1, sizeof *s);
    if (s == NULL) {
        fail("calloc");
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = to};
    *s = (struct session){.fd = datagram_socket(), .client = *client, .next = *bucket};
    memcpy(s->header, header, SOCKS_HEADER);
    if (connect(s->fd, (struct sockaddr *)&address, sizeof address) < 0) {
        fail("connect");
    }
    watch(epoll, EPOLL_CTL_ADD, s->fd, EPOLLIN, s);
    *bucket = s;
    return s;
}

static bool is_datagram(const unsigned char *bytes, unsigned length) {
    return length > SOCKS_HEADER && memcmp(bytes, "\0\0\0\1", 4) == 0;
}

static void from_clients(void) {
    struct mmsghdr in[AT_A_TIME], out[AT_A_TIME];
    struct iovec into[AT_A_TIME], from[AT_A_TIME];
    struct session *of[AT_A_TIME];
    for (int i = 0; i < AT_A_TIME; i++) {
        into[i] = (struct iovec){room[i], LONGEST};
        in[i].msg_hdr = (struct msghdr){
                .msg_name = &names[i], .msg_namelen = sizeof names[i], .msg_iov = &into[i], .msg_iovlen = 1};
    }
    int received = recvmmsg(front, in, AT_A_TIME, 0, NULL);
    for (int i = 0; i < received; i++) {
        of[i] = is_datagram(room[i], in[i].msg_len) ? find(&names[i], room[i]) : NULL;
    }
    for (int i = 0; i < received; i++) {
        struct session *session = of[i];
        int count = 0;
        for (int j = i; session != NULL && j < received; j++) {
            if (of[j] == session) {
                from[count] = (struct iovec){room[j] + SOCKS_HEADER, in[j].msg_len - SOCKS_HEADER};
                out[count].msg_hdr = (struct msghdr){.msg_iov = &from[count], .msg_iovlen = 1};
                count++;
                of[j] = NULL;
            }
        }
        if (count > 0) {
            send_many(session->fd, out, count);
        }
    }
}

static void from_server(struct session *session) {
    struct mmsghdr messages[AT_A_TIME];
    struct iovec parts[AT_A_TIME];
    for (int i = 0; i < AT_A_TIME; i++) {
        parts[i] = (struct iovec){room[i] + SOCKS_HEADER, LONGEST - SOCKS_HEADER};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int received = recvmmsg(session->fd, messages, AT_A_TIME, 0, NULL);
    for (int i = 0; i < received; i++) {
        memcpy(room[i], session->header, SOCKS_HEADER);
        parts[i] = (struct iovec){room[i], messages[i].msg_len + SOCKS_HEADER};
        messages[i].msg_hdr.msg_name = &session->client;
        messages[i].msg_hdr.msg_namelen = sizeof session->client;
    }
    if (received > 0) {
        send_many(front, messages, received);
    }
}

int main(void) {
    allow_many_files();
    room = malloc((size_t)AT_A_TIME * LONGEST);
    epoll = epoll_create1(0);
    front = datagram_socket();
    struct sockaddr_in address = at("127.0.0.1", 0);
    if (room == NULL || epoll < 0 || bind(front, (struct sockaddr *)&address, sizeof address) < 0) {
        fail("start");
    }
    much_room(front);
    printf("%d\n", bound_port(front));
    fflush(stdout);
    struct session standard_input;
    watch(epoll, EPOLL_CTL_ADD, front, EPOLLIN, NULL);
    watch(epoll, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, &standard_input);
    struct epoll_event events[256];
    for (;;) {
        int n = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == &standard_input) {
                return 0;
            }
            if (events[i].data.ptr == NULL) {
                from_clients();
            } else {
                from_server(events[i].data.ptr);
            }
        }
    }
}
