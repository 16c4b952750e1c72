#pragma once

#include "CInferenceEngine.h"

#include <openvino/openvino.hpp>

namespace tessera {

/// The one entry to OpenVINO in this process. ov::Core may be called from several threads.
ov::Core &core();

/// All nodes, each after those it reads, and last the results as the file has them: that order tells heads apart whose
/// names do not.
ov::NodeVector orderedNodes(const ov::Model &model);

/// Of the one input of a model.
ov::PartialShape inputShape(int64_t batch, int64_t side, bool channelsLast);

/// Whether a model whose file leaves the side of its input open takes this one.
bool takesSide(const ov::Model &model, int64_t batch, int64_t side, bool channelsLast);

/// Each fills its part of the table.
void addGraphFunctions(tessera_engine &engine);
void addNetworkFunctions(tessera_engine &engine);

} // namespace tessera
