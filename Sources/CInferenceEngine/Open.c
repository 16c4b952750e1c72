#include "CInferenceEngine.h"

#include <dlfcn.h>
#include <stdio.h>

static int failed(const char *reason, tessera_message error) {
  snprintf(error.text, error.capacity, "%s", reason);
  return 1;
}

int tessera_engine_open(const tessera_engine **engine, tessera_message error) {
  static const tessera_engine *opened;
  if (!opened) {
    // Found by the run path of the program: beside it in a build tree, in ../lib where it is installed.
    void *library = dlopen("libTesseraOpenVINO.so", RTLD_NOW | RTLD_LOCAL);
    if (!library) return failed(dlerror(), error);
    tessera_engine_entry entry = (tessera_engine_entry)dlsym(library, TESSERA_ENGINE_ENTRY);
    if (!entry) return failed(dlerror(), error);
    opened = entry();
  }
  *engine = opened;
  return 0;
}
