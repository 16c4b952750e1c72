#pragma once
#include <stddef.h>

/// The demo's model: the first byte of an ONNX file, which lives as long as the program, and its length.
const unsigned char *demo_model_onnx(size_t *byte_count);
