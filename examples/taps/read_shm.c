/*
 * Shows each second of a run from shared memory:
 *
 *   drumline run scenario.ts --tap shm:drumline
 *   cc -O2 -o read_shm examples/taps/read_shm.c && ./read_shm drumline
 *
 * A second argument of `detail` or `end` prints that record as JSON and exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "drumline_tap.h"

static void sleep_ms(long ms) {
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

/* Copies a part as a whole. Returns 0 if its writer stopped in the middle. */
static int copy_whole(void *to, const volatile void *from, size_t bytes) {
  const _Atomic uint64_t *lock = (const _Atomic uint64_t *)from;
  for (int attempt = 0; attempt < 1000; attempt++) {
    uint64_t before = atomic_load_explicit(lock, memory_order_acquire);
    if (before % 2 == 0) {
      memcpy(to, (const void *)from, bytes);
      atomic_thread_fence(memory_order_acquire);
      if (atomic_load_explicit(lock, memory_order_relaxed) == before) return 1;
    }
    sleep_ms(1);
  }
  return 0;
}

static int print_json(const char *memory, uint64_t at, uint64_t capacity) {
  struct drumline_area head;
  uint64_t room;
  struct drumline_area *area = NULL;
  do {
    if (!copy_whole(&head, memory + at, sizeof head)) return 3;
    room = head.length < capacity ? head.length : capacity;
    area = realloc(area, sizeof head + room);
    if (area == NULL || !copy_whole(area, memory + at, sizeof head + room)) return 3;
    /* Again if a longer record has come in between. */
  } while (area->length > room);
  if (area->length == 0) fprintf(stderr, "no record, or one of %" PRIu64 " bytes that did not fit\n", area->needed);
  else printf("%.*s\n", (int)area->length, area->json);
  free(area);
  return 0;
}

static void print_second(const struct drumline_slot *one) {
  printf("second=%" PRIu64 " seq=%" PRIu64 " requests=%" PRIu64 " failures=%" PRIu64 " p50_ms=%g p99_ms=%g users=%" PRIu64
         " starts_dropped=%" PRIu64 " busiest_lane=%g late_requests=%" PRIu64 " sum_requests=%" PRIu64
         " sum_bytes_received=%" PRIu64 "\n",
         one->second, one->seq, one->requests, one->failures, one->p50_ms, one->p99_ms, one->users,
         one->starts_dropped, one->busiest_lane, one->late_requests, one->sum_requests, one->sum_bytes_received);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s NAME [second|detail|end]\n", argv[0]);
    return 2;
  }
  char path[512];
  snprintf(path, sizeof path, "/dev/shm/%s", argv[1]);
  int file = open(path, O_RDONLY);
  struct stat about;
  if (file < 0 || fstat(file, &about) < 0) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 1;
  }
  const char *memory = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED || about.st_size < (off_t)sizeof(struct drumline_header)) return 1;
  struct drumline_header head;
  memcpy(&head, memory, sizeof head);
  if (memcmp(head.magic, DRUMLINE_TAP_MAGIC, 8) != 0 || head.version != DRUMLINE_TAP_VERSION) {
    fprintf(stderr, "%s is not a tap of this version\n", path);
    return 1;
  }
  if (argc > 2) {
    if (strcmp(argv[2], "detail") == 0) return print_json(memory, head.detail_at, head.detail_capacity);
    if (strcmp(argv[2], "end") == 0) return print_json(memory, head.end_at, head.end_capacity);
    return print_json(memory, head.second_at, head.second_capacity);
  }

  /* From the oldest second that is kept. */
  uint64_t next = 0;
  size_t lock_at = (size_t)((char *)&head.lock - (char *)&head);
  for (;;) {
    if (!copy_whole((char *)&head + lock_at, memory + lock_at, sizeof head - lock_at)) {
      fprintf(stderr, "process %" PRIu64 " stopped in the middle of a record\n", head.writer_pid);
      return 3;
    }
    if (head.seconds_written > next + head.slots) next = head.seconds_written - head.slots;
    for (; next < head.seconds_written; next++) {
      struct drumline_slot one;
      if (!copy_whole(&one, memory + head.slots_at + next % head.slots * head.slot_bytes, sizeof one)) return 3;
      /* Another one if the reader was too slow. */
      if (one.seq != 0 && one.second == next) print_second(&one);
    }
    if (head.state != DRUMLINE_RUNNING) return 0;
    sleep_ms(50);
  }
}
