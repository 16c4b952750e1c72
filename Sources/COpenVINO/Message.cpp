#include "Message.hpp"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace tessera {

namespace {

bool starts(const std::string &line, const char *prefix) { return line.rfind(prefix, 0) == 0; }

/// Lines such as "Exception from src/core/node.cpp:12:" and "Check 'x' failed at src/…:".
bool isNoise(const std::string &line) {
  if (starts(line, "Exception from ")) return true;
  return starts(line, "Check '") && line.find("' failed at ") != std::string::npos && line.back() == ':';
}

std::string trimmed(const std::string &line) {
  const char *blank = " \t\r";
  const auto first = line.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(blank) - first + 1);
}

} // namespace

std::string readable(const std::string &message) {
  std::istringstream lines(message);
  std::string line, result, last;
  while (std::getline(lines, line)) {
    line = trimmed(line);
    if (line.empty() || line == last) continue;
    if (isNoise(line)) continue;
    last = line;
    if (!result.empty()) result += result.back() == ':' ? " " : "; ";
    result += line;
  }
  while (!result.empty() && (result.back() == ':' || result.back() == '.')) result.pop_back();
  return result.empty() ? trimmed(message) : result;
}

void write(const std::string &text, tessera_message message) {
  if (message.capacity == 0) return;
  const size_t count = std::min(text.size(), message.capacity - 1);
  std::memcpy(message.text, text.data(), count);
  message.text[count] = 0;
}

} // namespace tessera
