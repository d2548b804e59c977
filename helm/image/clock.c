/*
 * Another time of day for a process that is not asked: gcc -shared -fPIC -O2 -o clock.so clock.c, then LD_PRELOAD=clock.so and
 * CLOCK_FILE naming a file of 8 bytes, milliseconds since 1970 in the machine's order, which may change at any time. Clocks that
 * only go on, by which one waits, and the times of files stay the machine's.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *now;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("CLOCK_FILE");
    int file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *now, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) {
        perror("CLOCK_FILE");
        _exit(2);
    }
    close(file);
    now = page;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    if (now == NULL || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) {
        return (int) syscall(SYS_clock_gettime, clock, at);
    }
    int64_t millis = *now;
    at->tv_sec = millis / 1000;
    at->tv_nsec = millis % 1000 * 1000000;
    return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void) zone;
    struct timespec precise;
    int failed = clock_gettime(CLOCK_REALTIME, &precise);
    at->tv_sec = precise.tv_sec;
    at->tv_usec = precise.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *at) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (at != NULL) {
        *at = precise.tv_sec;
    }
    return precise.tv_sec;
}
