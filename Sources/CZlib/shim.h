#pragma once
#include <zlib.h>

/// Starts a deflate stream without zlib's header and checksum, so that several can be joined.
static inline int deflate_begin_raw(z_stream *stream, int level, int strategy) {
  return deflateInit2(stream, level, Z_DEFLATED, -15, 9, strategy);
}

/// Starts to inflate a stream without zlib's header and checksum, as zip archives hold them.
static inline int inflate_begin_raw(z_stream *stream) { return inflateInit2(stream, -15); }

/// Starts to inflate a stream with zlib's or gzip's header and checksum, whichever it has.
static inline int inflate_begin_wrapped(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
