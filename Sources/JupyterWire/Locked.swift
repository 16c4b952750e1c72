import Glibc

/// A value that threads share, with the lock that guards it.
///
/// It is POSIX's own mutex, which the thread sanitizer understands: it knows nothing of `Synchronization.Mutex`, which
/// waits on futexes by itself.
///
/// Unchecked, because pthread_mutex_lock(3) promises: "If the mutex is already locked by another thread, the calling
/// thread shall block until the mutex becomes available." The value is touched by nobody who has not locked it.
package final class Locked<Value: Sendable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  package init(_ value: Value) {
    self.value = value
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Gives `body` the value while no other thread has it; `body` must not come back here.
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
