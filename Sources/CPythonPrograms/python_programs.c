#define _GNU_SOURCE
#include "python_programs.h"

#include <sys/mman.h>

// `#embed` is C23; clang takes it in every mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char start[] = {
#embed "start.py"
};
static const unsigned char child[] = {
#embed "child.py"
};
static const unsigned char convert[] = {
#embed "convert.py"
};
static const unsigned char networks[] = {
#embed "networks.py"
};
static const unsigned char tiles[] = {
#embed "tiles.py"
};
static const unsigned char worker[] = {
#embed "worker.py"
};
static const unsigned char worker_onnxruntime[] = {
#embed "worker_onnxruntime.py"
};
static const unsigned char worker_torch[] = {
#embed "worker_torch.py"
};

static const struct {
  const char *name;
  const unsigned char *text;
  size_t byte_count;
} modules[] = {
    {"start", start, sizeof start},
    {"child", child, sizeof child},
    {"convert", convert, sizeof convert},
    {"networks", networks, sizeof networks},
    {"tiles", tiles, sizeof tiles},
    {"worker", worker, sizeof worker},
    {"worker_onnxruntime", worker_onnxruntime, sizeof worker_onnxruntime},
    {"worker_torch", worker_torch, sizeof worker_torch},
};

size_t tessera_python_module_count(void) { return sizeof modules / sizeof modules[0]; }

const char *tessera_python_module_name(size_t index) { return modules[index].name; }

const unsigned char *tessera_python_module_text(size_t index, size_t *byte_count) {
  *byte_count = modules[index].byte_count;
  return modules[index].text;
}

int tessera_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
