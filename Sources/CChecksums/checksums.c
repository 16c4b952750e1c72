#include "checksums.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif

// Row k of each table advances a byte by k further zero bytes, so that eight bytes take eight look-ups.
static uint32_t crc32c_tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static uint32_t entry(uint32_t byte, uint32_t polynomial) {
  for (int bit = 0; bit < 8; ++bit) byte = (byte >> 1) ^ ((byte & 1) ? polynomial : 0);
  return byte;
}

static void make_tables(void) {
  for (uint32_t i = 0; i < 256; ++i) crc32c_tables[0][i] = entry(i, 0x82F63B78u);
  for (uint32_t i = 0; i < 256; ++i) {
    for (int k = 1; k < 8; ++k) {
      uint32_t before = crc32c_tables[k - 1][i];
      crc32c_tables[k][i] = (before >> 8) ^ crc32c_tables[0][before & 0xFF];
    }
  }
}

uint32_t checksum_crc32c_by_tables(uint32_t crc, const void *bytes, size_t count) {
  pthread_once(&tables_once, make_tables);
  const unsigned char *p = bytes;
  crc = ~crc;
  while (count >= 8) {
    uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    crc = crc32c_tables[7][low & 0xFF] ^ crc32c_tables[6][(low >> 8) & 0xFF] ^
          crc32c_tables[5][(low >> 16) & 0xFF] ^ crc32c_tables[4][low >> 24] ^
          crc32c_tables[3][p[4]] ^ crc32c_tables[2][p[5]] ^ crc32c_tables[1][p[6]] ^ crc32c_tables[0][p[7]];
    p += 8;
    count -= 8;
  }
  while (count-- > 0) crc = (crc >> 8) ^ crc32c_tables[0][(crc ^ *p++) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2")))
static uint32_t crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  uint64_t state = (uint32_t)~crc;
  while (count >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = _mm_crc32_u64(state, word);
    p += 8;
    count -= 8;
  }
  uint32_t tail = (uint32_t)state;
  while (count-- > 0) tail = _mm_crc32_u8(tail, *p++);
  return ~tail;
}
static int has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__)
__attribute__((target("crc")))
static uint32_t crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  crc = ~crc;
  while (count >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    crc = __crc32cd(crc, word);
    p += 8;
    count -= 8;
  }
  while (count-- > 0) crc = __crc32cb(crc, *p++);
  return ~crc;
}
static int has_instruction(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#endif

uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__x86_64__) || defined(__aarch64__)
  if (has_instruction()) return crc32c_by_instruction(crc, bytes, count);
#endif
  return checksum_crc32c_by_tables(crc, bytes, count);
}
