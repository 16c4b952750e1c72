import Foundation

/// Writes why the program cannot go on to stderr, and ends it with status 1.
///
/// It ends at once: after a failure the network's threads may still be at work, and must not be torn down under them.
func complain(_ text: String) -> Never {
  fflush(nil)
  FileHandle.standardError.write(Data((text + "\n").utf8))
  _exit(1)
}
