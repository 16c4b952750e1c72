#pragma once
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <zmq.h>

/// A counter that any thread can raise and that `poll` can wait for.
static inline int tessera_wake_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/// Starts a detached thread with a stack of its own size; returns 0 or an error number.
static inline int tessera_start_thread(size_t stack_bytes, void *(*body)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int status = pthread_create(&thread, &attributes, body, argument);
  pthread_attr_destroy(&attributes);
  return status;
}

/// Names the calling thread for the system's list of threads; 15 characters are kept.
static inline void tessera_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

/// What is printed to the C library's stdout leaves its buffer with the end of each line.
static inline void tessera_buffer_lines(void) { setvbuf(stdout, NULL, _IOLBF, BUFSIZ); }

/// No more than two heaps for all threads.
static inline void tessera_share_heaps(void) { mallopt(M_ARENA_MAX, 2); }

/// What is free in the heaps goes back to the system.
static inline void tessera_trim_heaps(void) { malloc_trim(0); }
