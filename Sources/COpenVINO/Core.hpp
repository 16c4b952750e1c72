#pragma once

#include <openvino/openvino.hpp>

namespace tessera {

/// The one entry to OpenVINO in this process. ov::Core may be called from several threads.
ov::Core &core();

} // namespace tessera
