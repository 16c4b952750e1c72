import ChildProcesses
import FeatureData
import FeatureStore
import Foundation
import Glibc

extension Probe {
  /// Tensors and tables of no more bytes are read by this process: no C library is involved, and it takes no time.
  private static let smallByteCount = 1 << 26

  /// Reads a feature file of another program; HDF5 files, and large ones of every kind, by a process of their own.
  ///
  /// - Throws: `WorkflowFailure` if the file cannot be read, also when its reader crashes or does not come to an end;
  ///   `WorkInterrupted`.
  static func readBag(
    _ path: String, _ request: BagRequest, monitor: (any WorkMonitor)? = nil
  ) throws -> [ForeignBag] {
    do {
      guard let program, !isSmall(path) else {
        return try ForeignBag.read(path: path, request)
      }
      // It has no name, so that nothing is left of it whatever happens.
      let file = try temporaryFile()
      defer { close(file) }
      let rest = [
        "/dev/fd/\(ChildProcess.sharedDescriptor)", String(decoding: try JSONEncoder().encode(request), as: UTF8.self),
      ]
      let report = try report(.bag, path, rest, sharing: file, program: program, monitor: monitor)
      if let problem = report.problem { throw WorkflowFailure(problem, remedy: report.remedy) }
      return try BagTransfer.read(file, of: path)
    } catch let error as BagError {
      throw WorkflowFailure(error.description, remedy: error.remedy)
    }
  }

  private static func isSmall(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_size <= smallByteCount
      && ForeignBagReaders.reader(of: path)?.canCrash != true
  }

  private static func temporaryFile() throws(WorkflowFailure) -> Int32 {
    var name = Array((NSTemporaryDirectory() + "/tessera-bag-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else {
      throw WorkflowFailure(
        "No file can be made in \(NSTemporaryDirectory()) to read features into: \(String(cString: strerror(errno))).")
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
    return descriptor
  }
}
