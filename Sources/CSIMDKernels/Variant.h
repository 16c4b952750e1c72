// The kernels, written once in portable vector types. Dispatch.c includes this file once for each instruction set,
// with VARIANT(name) giving the functions their names. No include guards: the files are meant to be included repeatedly.

typedef float VARIANT(v8f) __attribute__((vector_size(32), aligned(4)));
typedef int32_t VARIANT(v8i) __attribute__((vector_size(32), aligned(4)));
typedef uint32_t VARIANT(v8u) __attribute__((vector_size(32), aligned(4)));
#define v8f VARIANT(v8f)
#define v8i VARIANT(v8i)
#define v8u VARIANT(v8u)
#define INLINE static inline __attribute__((always_inline))

INLINE v8f VARIANT(pick)(v8i mask, v8f yes, v8f no) {
  return (v8f)((mask & (v8i)yes) | (~mask & (v8i)no));
}

INLINE float VARIANT(sum)(v8f v) {
  return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}

INLINE v8f VARIANT(between)(v8f x, v8f low, v8f high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, low), high);
}

// Base-2 logarithm of positive normal numbers, absolute error 1.2e-6: (m - 1) times a Chebyshev fit on the mantissa m.
INLINE v8f VARIANT(log2)(v8f x) {
  v8i bits = (v8i)x;
  v8f exponent = __builtin_convertvector((bits >> 23) - 127, v8f);
  v8f u = (v8f)((bits & 0x007fffff) | 0x3f800000) - 1.0f;
  v8f p = u * 0.02001664973795414f - 0.09462680667638779f;
  p = p * u + 0.213943213224411f;
  p = p * u - 0.3383772075176239f;
  p = p * u + 0.47749635577201843f;
  p = p * u - 0.7211440801620483f;
  p = p * u + 1.4426929950714111f;
  return p * u + exponent;
}

// 2 to the power x, relative error 2e-7, for x clamped to ±126: a Chebyshev fit on ±1/2.
INLINE v8f VARIANT(exp2)(v8f x) {
  x = VARIANT(between)(x, (v8f){} - 126.0f, (v8f){} + 126.0f);
  // Adding 1.5 · 2^23 rounds to the nearest integer.
  v8f rounded = (x + 12582912.0f) - 12582912.0f;
  v8f f = x - rounded;
  v8f p = f * 0.0013390863314270973f + 0.009676031768321991f;
  p = p * f + 0.055503569543361664f;
  p = p * f + 0.2402210682630539f;
  p = p * f + 0.6931471824645996f;
  p = p * f + 1.0000001192092896f;
  return p * (v8f)((__builtin_convertvector(rounded, v8i) + 127) << 23);
}

#include "RowKernels.h"
#include "NeighbourKernels.h"
#include "LayoutKernel.h"
#include "PairwiseKernel.h"
#include "PixelKernels.h"

#undef v8f
#undef v8i
#undef v8u
#undef INLINE
