/// The part of OpenVINO that Tessera uses, as C functions.
///
/// No C++ exception leaves a function of this header. Functions that can fail return 0 on success and otherwise
/// write a message, ending in a zero byte, into the caller's buffer.
#ifndef TESSERA_COPENVINO_H
#define TESSERA_COPENVINO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Where a failing function writes its message.
typedef struct {
  char *_Nonnull text;
  size_t capacity;
} tessera_message;

/// The version of the library that is loaded.
int tessera_openvino_version(tessera_message version, tessera_message error);

/// Loads every library that reading and running an ONNX model on the processor needs.
int tessera_openvino_load_all(tessera_message error);

// MARK: The graph of a model

/// A graph read from a file, as plain data.
typedef struct tessera_graph tessera_graph;

/// Reads the graph of a model file. The caller frees it.
int tessera_graph_read(const char *_Nonnull path, tessera_graph *_Nullable *_Nonnull graph, tessera_message error);
void tessera_graph_free(tessera_graph *_Nullable graph);

/// Nodes are numbered in an order in which each follows those it reads.
size_t tessera_graph_node_count(const tessera_graph *_Nonnull graph);
const char *_Nonnull tessera_graph_node_type(const tessera_graph *_Nonnull graph, size_t node);
const char *_Nonnull tessera_graph_node_name(const tessera_graph *_Nonnull graph, size_t node);
size_t tessera_graph_node_input_count(const tessera_graph *_Nonnull graph, size_t node);
/// The node, and which of its outputs, that an input reads.
void tessera_graph_node_input(const tessera_graph *_Nonnull graph, size_t node, size_t input,
                              size_t *_Nonnull source, size_t *_Nonnull port);
size_t tessera_graph_node_output_count(const tessera_graph *_Nonnull graph, size_t node);
/// The tensor names of an output, separated by line feeds; empty if it has none.
const char *_Nonnull tessera_graph_output_names(const tessera_graph *_Nonnull graph, size_t node, size_t port);
/// The element type, such as "f32".
const char *_Nonnull tessera_graph_output_type(const tessera_graph *_Nonnull graph, size_t node, size_t port);
/// The number of dimensions, or -1 where even that is not known.
int tessera_graph_output_rank(const tessera_graph *_Nonnull graph, size_t node, size_t port);
/// A dimension, or -1 where it is not fixed.
int64_t tessera_graph_output_dimension(const tessera_graph *_Nonnull graph, size_t node, size_t port, size_t axis);

// MARK: Running a model

/// What a compiled network gives for each tile: one output of one node.
typedef struct {
  const char *_Nonnull node;
  size_t port;
  /// The axes over which the mean is taken, as bits (axis 2 and 3: 0b1100); 0 for none.
  uint32_t pooled_axes;
} tessera_output;

/// How pixels become numbers: channels reversed or not, then (x - mean) / scale, or each image by its own moments.
typedef struct {
  int reverse_channels;
  int per_image;
  float mean[3];
  float scale[3];
} tessera_standardization;

typedef struct {
  int64_t batch;
  /// Width and height of a tile in pixels.
  int64_t side;
  /// Width and height that the model reads; tiles of another side are resized (bilinear, averaging when they shrink).
  int64_t model_side;
  /// Whether the model reads N x H x W x C rather than N x C x H x W.
  int channels_last;
  tessera_standardization standardization;
  /// Streams of one thread each.
  int streams;
  /// "f32" or "bf16".
  const char *_Nonnull precision;
} tessera_compile_options;

/// A compiled network. Its functions may be called from several threads.
typedef struct tessera_network tessera_network;

int tessera_network_compile(const char *_Nonnull path, const tessera_output *_Nonnull outputs, size_t output_count,
                            const tessera_compile_options *_Nonnull options,
                            tessera_network *_Nullable *_Nonnull network, tessera_message error);
void tessera_network_free(tessera_network *_Nullable network);
/// Values for each tile in an output.
size_t tessera_network_width(const tessera_network *_Nonnull network, size_t output);

/// One batch on its way. It belongs to one thread at a time.
typedef struct tessera_request tessera_request;

int tessera_request_create(tessera_network *_Nonnull network, tessera_request *_Nullable *_Nonnull request,
                           tessera_message error);
void tessera_request_free(tessera_request *_Nullable request);
/// batch x side x side x 3 bytes, RGB, to be filled before `start` and left alone until the wait is over.
uint8_t *_Nonnull tessera_request_input(tessera_request *_Nonnull request);
int tessera_request_start(tessera_request *_Nonnull request, tessera_message error);
/// Waits up to so many milliseconds; `done` is 1 when the batch has been computed.
int tessera_request_wait(tessera_request *_Nonnull request, int milliseconds, int *_Nonnull done,
                         tessera_message error);
/// Abandons the batch and waits until the library has let go of its memory.
void tessera_request_cancel(tessera_request *_Nonnull request);
/// batch x width values of an output; valid until the next start.
const float *_Nullable tessera_request_output(tessera_request *_Nonnull request, size_t output);

#ifdef __cplusplus
}
#endif

#endif
