#include "COpenVINO.h"
#include "Core.hpp"

namespace tessera {

ov::Core &core() {
  // Never destroyed: its threads may still run while the process ends.
  static ov::Core *const shared = new ov::Core();
  return *shared;
}

} // namespace tessera

const tessera_engine *tessera_openvino_engine(void) {
  static const tessera_engine engine = [] {
    tessera_engine table;
    tessera::addGraphFunctions(table);
    tessera::addNetworkFunctions(table);
    return table;
  }();
  return &engine;
}
