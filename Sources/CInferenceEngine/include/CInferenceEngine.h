/// The part of OpenVINO that Tessera uses, as a table of C functions.
///
/// OpenVINO is large, and a session that opens no model has no need of it: the functions are those of a library of their
/// own (COpenVINO), opened by the first use. No C++ exception leaves a function of this header. Functions that can fail
/// return 0 on success and otherwise write a message, ending in a zero byte, into the caller's buffer.
#ifndef TESSERA_CINFERENCEENGINE_H
#define TESSERA_CINFERENCEENGINE_H

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

/// A graph read from a file, as plain data.
typedef struct tessera_graph tessera_graph;

/// What a compiled network gives for each tile: one output of one node.
///
/// The node is the one of that name. Names that OpenVINO makes up differ from one reading of a file to the next; where
/// there is none of that name, it is the one of that number and type.
typedef struct {
  const char *_Nonnull node;
  const char *_Nonnull type;
  size_t number;
  size_t port;
  /// The axes over which values are pooled, as bits (axis 2 and 3: 0b1100); 0 to give all values, as they lie.
  uint32_t pooled_axes;
  /// Whether the largest value is taken rather than the mean.
  int pools_by_maximum;
  /// Of batch x tokens x channels: how many tokens at the front are left out of the pooling.
  int64_t skipped_tokens;
  /// Whether the first token is given: alone if nothing is pooled, else before what is pooled.
  int takes_first_token;
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
  /// Width and height that the model reads; tiles of another side are resized (averaging when they shrink).
  int64_t model_side;
  /// Width and height that tiles are resized to, of which the middle is cut out; `model_side` to cut nothing off.
  int64_t resized_side;
  /// Resizes by the bicubic filter, to whole numbers from 0 to 255, rather than by the bilinear one.
  int is_bicubic;
  /// Whether the model reads N x H x W x C rather than N x C x H x W.
  int channels_last;
  tessera_standardization standardization;
  /// Streams of one thread each.
  int streams;
  /// "f32" or "bf16": of a network in eight bits, that of the rest.
  const char *_Nonnull precision;
} tessera_compile_options;

/// What the tensors of a network were on some tiles, by their ordinals in it.
typedef struct {
  /// Tensors that become whole numbers, and the least and the largest value of each.
  size_t point_count;
  const float *_Nullable lows;
  const float *_Nullable highs;
  /// The means of the channels that each layer with weights reads, one layer after another.
  size_t mean_count;
  const float *_Nullable means;
} tessera_ranges;

/// A compiled network. Its functions may be called from several threads.
typedef struct tessera_network tessera_network;

/// One batch on its way. It belongs to one thread at a time.
typedef struct tessera_request tessera_request;

/// The engine's functions; they are the same for the life of the process.
typedef struct {
  /// The version of the library that is loaded.
  int (*_Nonnull version)(tessera_message version, tessera_message error);
  /// Loads every library that reading and running a model of any kind on the processor needs.
  int (*_Nonnull load_all)(tessera_message error);

  /// Reads the graph of a model file, with the shapes that it has for tiles of a width and height; 0 for those of the file.
  /// The caller frees it.
  int (*_Nonnull graph_read)(const char *_Nonnull path, int64_t side, int channels_last,
                             tessera_graph *_Nullable *_Nonnull graph, tessera_message error);
  void (*_Nonnull graph_free)(tessera_graph *_Nullable graph);
  /// Nodes are numbered in an order in which each follows those it reads.
  size_t (*_Nonnull graph_node_count)(const tessera_graph *_Nonnull graph);
  const char *_Nonnull (*_Nonnull graph_node_type)(const tessera_graph *_Nonnull graph, size_t node);
  const char *_Nonnull (*_Nonnull graph_node_name)(const tessera_graph *_Nonnull graph, size_t node);
  size_t (*_Nonnull graph_node_input_count)(const tessera_graph *_Nonnull graph, size_t node);
  /// The node, and which of its outputs, that an input reads.
  void (*_Nonnull graph_node_input)(const tessera_graph *_Nonnull graph, size_t node, size_t input,
                                   size_t *_Nonnull source, size_t *_Nonnull port);
  size_t (*_Nonnull graph_node_output_count)(const tessera_graph *_Nonnull graph, size_t node);
  /// The tensor names of an output, separated by line feeds; empty if it has none.
  const char *_Nonnull (*_Nonnull graph_output_names)(const tessera_graph *_Nonnull graph, size_t node, size_t port);
  /// The element type, such as "f32".
  const char *_Nonnull (*_Nonnull graph_output_type)(const tessera_graph *_Nonnull graph, size_t node, size_t port);
  /// The number of dimensions, or -1 where even that is not known.
  int (*_Nonnull graph_output_rank)(const tessera_graph *_Nonnull graph, size_t node, size_t port);
  /// A dimension, or -1 where it is not fixed.
  int64_t (*_Nonnull graph_output_dimension)(const tessera_graph *_Nonnull graph, size_t node, size_t port, size_t axis);
  /// The numbers of a constant, or null if the node is none or has more than a few.
  const double *_Nullable (*_Nonnull graph_node_values)(const tessera_graph *_Nonnull graph, size_t node,
                                                       size_t *_Nonnull count);

  /// Which widths and heights a model takes that leaves them open: for each of `sides` 1 or 0 in `takes`.
  int (*_Nonnull sides_check)(const char *_Nonnull path, int64_t batch, int channels_last, const int64_t *_Nonnull sides,
                              size_t count, int *_Nonnull takes, tessera_message error);

  int (*_Nonnull network_compile)(const char *_Nonnull path, const tessera_output *_Nonnull outputs, size_t output_count,
                                  const tessera_compile_options *_Nonnull options,
                                  tessera_network *_Nullable *_Nonnull network, tessera_message error);
  /// The same network in eight bits, by ranges that were found; without any, the network that finds them: for each tile three
  /// outputs as wide as `lows`, `highs` and `means`. Fails where no layer would be computed in eight bits.
  int (*_Nonnull network_quantize)(const char *_Nonnull path, const tessera_output *_Nonnull outputs, size_t output_count,
                                   const tessera_compile_options *_Nonnull options, const tessera_ranges *_Nullable ranges,
                                   tessera_network *_Nullable *_Nonnull network, tessera_message error);
  /// How many convolutions and matrix products are computed in eight bits.
  size_t (*_Nonnull network_eight_bit_layers)(const tessera_network *_Nonnull network);
  void (*_Nonnull network_free)(tessera_network *_Nullable network);
  /// Values for each tile in an output.
  size_t (*_Nonnull network_width)(const tessera_network *_Nonnull network, size_t output);

  int (*_Nonnull request_create)(tessera_network *_Nonnull network, tessera_request *_Nullable *_Nonnull request,
                                 tessera_message error);
  void (*_Nonnull request_free)(tessera_request *_Nullable request);
  /// batch x side x side x 3 bytes, RGB, to be filled before `start` and left alone until the wait is over.
  uint8_t *_Nonnull (*_Nonnull request_input)(tessera_request *_Nonnull request);
  int (*_Nonnull request_start)(tessera_request *_Nonnull request, tessera_message error);
  /// Waits up to so many milliseconds; `done` is 1 when the batch has been computed.
  int (*_Nonnull request_wait)(tessera_request *_Nonnull request, int milliseconds, int *_Nonnull done,
                               tessera_message error);
  /// Abandons the batch and waits until the library has let go of its memory.
  void (*_Nonnull request_cancel)(tessera_request *_Nonnull request);
  /// batch x width values of an output; valid until the next start.
  const float *_Nullable (*_Nonnull request_output)(tessera_request *_Nonnull request, size_t output);
} tessera_engine;

/// Opens the engine's library, which lies beside the program or in `../lib`, on the first call; afterwards gives the same
/// engine again. Not to be called by two threads at once.
int tessera_engine_open(const tessera_engine *_Nullable *_Nonnull engine, tessera_message error);

/// The one function that the engine's library exports, and its name.
typedef const tessera_engine *_Nonnull (*tessera_engine_entry)(void);
#define TESSERA_ENGINE_ENTRY "tessera_openvino_engine"

#ifdef __cplusplus
}
#endif

#endif
