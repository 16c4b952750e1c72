#include "CLateLibrary.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void end(const char *what) {
  fprintf(stderr, "tessera: %s; `tessera doctor` tells what to install\n", what);
  exit(1);
}

void *tessera_late_symbol(const char *const *files, const char *name) {
  void *library = NULL;
  // The loader counts how often a library is opened; it never goes again.
  for (const char *const *file = files; *file && !library; file++) library = dlopen(*file, RTLD_LAZY | RTLD_LOCAL);
  if (!library) end(dlerror());
  void *symbol = dlsym(library, name);
  if (!symbol) end(dlerror());
  return symbol;
}
