#pragma once

#include "CInferenceEngine.h"

#include <exception>
#include <string>

namespace tessera {

/// The message without the lines that only tell where in OpenVINO's source it arose.
std::string readable(const std::string &message);

/// Copies as much as fits.
void write(const std::string &text, tessera_message message);

/// Runs the body; an exception becomes the message.
template <typename Body> int guarded(tessera_message error, Body body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::exception &exception) {
    try {
      write(readable(exception.what()), error);
    } catch (...) {
      // Out of memory while wording the message: an empty one is left.
    }
  } catch (...) {
    try {
      write("an unknown failure inside OpenVINO", error);
    } catch (...) {
    }
  }
  return 1;
}

} // namespace tessera
