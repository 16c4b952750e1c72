#pragma once

#include "CInferenceEngine.h"

#include <openvino/openvino.hpp>

namespace tessera {

/// The one entry to OpenVINO in this process. ov::Core may be called from several threads.
ov::Core &core();

/// Each fills its part of the table.
void addGraphFunctions(tessera_engine &engine);
void addNetworkFunctions(tessera_engine &engine);

} // namespace tessera
