import CZeroMQ

/// The C library's memory, which it would rather keep than give back.
enum ProcessMemory {
  /// Has all threads share two heaps: with one for each what a thread frees is of no use to the others, and a kernel that
  /// answers on many threads grows by tens of megabytes that nothing uses.
  static func shareHeaps() { tessera_share_heaps() }

  /// Gives what is free back to the system.
  static func giveBack() { tessera_trim_heaps() }
}
