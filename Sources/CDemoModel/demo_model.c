#include "demo_model.h"

// `#embed` is C23; clang takes it in every mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char onnx[] = {
#embed "hpv.onnx"
};

const unsigned char *demo_model_onnx(size_t *byte_count) {
  *byte_count = sizeof onnx;
  return onnx;
}
