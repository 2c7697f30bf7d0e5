/* The shared memory of `--tap shm:NAME`, version 1: see docs/reference/taps.md. */
#ifndef DRUMLINE_TAP_H
#define DRUMLINE_TAP_H

#include <stdint.h>

#define DRUMLINE_TAP_MAGIC "DRUMTAP1"
#define DRUMLINE_TAP_VERSION 1

enum { DRUMLINE_RUNNING = 1, DRUMLINE_ENDED = 2, DRUMLINE_CLOSED = 3 };

struct drumline_header {
  char magic[8];
  uint64_t version;
  uint64_t bytes;
  uint64_t slots_at, slots, slot_bytes;
  uint64_t second_at, second_capacity;
  uint64_t detail_at, detail_capacity;
  uint64_t end_at, end_capacity;
  char reserved[32];
  /* Protects what follows. */
  uint64_t lock;
  uint64_t state;
  uint64_t writer_pid;
  uint64_t updated_at_ms;
  uint64_t seconds_written;
  uint64_t started_at_ms;
  char reserved2[16];
  char run_id[64];
  char scenario[256];
};

/* A second of the run. */
struct drumline_slot {
  uint64_t lock;
  uint64_t seq, second, at_ms;
  uint64_t requests, failures, interrupted, bytes_sent, bytes_received;
  double min_ms, mean_ms, p50_ms, p90_ms, p95_ms, p99_ms, p99_9_ms, max_ms;
  uint64_t users, planned_users;
  double planned_rate;
  uint64_t cut_off_users, workers_present, workers_missing;
  double busiest_lane;
  uint64_t starts, starts_late, starts_dropped;
  uint64_t failed_checks, exceptions, series;
  uint64_t late_requests, late_failures;
  uint64_t sum_from_second, sum_requests, sum_failures, sum_interrupted;
  uint64_t sum_bytes_sent, sum_bytes_received;
};

/* An area with the JSON of a record behind it. */
struct drumline_area {
  uint64_t lock;
  uint64_t seq, second, length, needed;
  char reserved[24];
  char json[];
};

#endif
