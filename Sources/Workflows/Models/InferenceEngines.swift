package import Inference
import OpenVINOEngine

/// The engines that models are run by.
package enum InferenceEngines {
  /// Of those that read a kind of file, the first takes it.
  package static let all: [any InferenceEngine] = [OpenVINOEngine()]
}
