#include "COpenVINO.h"
#include "Core.hpp"

namespace tessera {

ov::Core &core() {
  // Never destroyed: its threads may still run while the process ends.
  static ov::Core *const shared = new ov::Core();
  return *shared;
}

ov::NodeVector orderedNodes(const ov::Model &model) {
  ov::NodeVector nodes;
  for (const auto &node : model.get_ordered_ops()) {
    if (!ov::is_type<ov::op::v0::Result>(node)) nodes.push_back(node);
  }
  for (const auto &result : model.get_results()) nodes.push_back(result);
  return nodes;
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
