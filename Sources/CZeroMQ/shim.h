#pragma once
#include <sys/eventfd.h>
#include <zmq.h>

/// A counter that any thread can raise and that `poll` can wait for.
static inline int tessera_wake_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
