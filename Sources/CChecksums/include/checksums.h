#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, polynomial 0x1EDC6F41, reflected) of `count` bytes, continued from `crc` (0 at the start).
uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by tables alone, whatever the processor offers: the fallback, and the tests' second opinion.
uint32_t checksum_crc32c_by_tables(uint32_t crc, const void *bytes, size_t count);
