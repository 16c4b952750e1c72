/// Shared libraries that are opened when one of their functions is first called, so that a kernel starts without them.
#ifndef TESSERA_CLATELIBRARY_H
#define TESSERA_CLATELIBRARY_H

/// The address of a symbol. Where the library or the symbol is missing, the program ends with a line that says so, as it
/// would have ended at its start if it were linked with the library.
///
/// @param files  names by which the loader may know the library, the likeliest first; ends in NULL
void *tessera_late_symbol(const char *const *files, const char *name);

/// Defines a function of a library's header that calls the library's own.
#define TESSERA_LATE_FUNCTION(files, result, name, parameters, arguments)                                              \
  result name parameters {                                                                                             \
    static __typeof__(&name) cached;                                                                                   \
    __typeof__(&name) found_##name = __atomic_load_n(&cached, __ATOMIC_ACQUIRE);                                       \
    if (!found_##name) {                                                                                               \
      found_##name = (__typeof__(&name))tessera_late_symbol(files, #name);                                             \
      __atomic_store_n(&cached, found_##name, __ATOMIC_RELEASE);                                                       \
    }                                                                                                                  \
    return found_##name arguments;                                                                                     \
  }

#endif
