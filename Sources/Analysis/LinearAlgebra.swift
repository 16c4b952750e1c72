import COpenBLAS
import Dispatch
import FeatureData
import Synchronization

/// BLAS and LAPACK, one thread a call, so that a result never depends on how many threads there are.
enum LinearAlgebra {
  /// OpenBLAS keeps its number of threads for the whole process.
  private static let useOneThread: Void = openblas_set_num_threads(1)

  /// `result = a · bᵀ` for `a` m × k, `b` n × k and `result` m × n, all row-major with the row strides given.
  static func multiplyTransposed(
    _ a: UnsafePointer<Float>, rows m: Int, stride aStride: Int, _ b: UnsafePointer<Float>, rows n: Int,
    stride bStride: Int, depth k: Int, into result: UnsafeMutablePointer<Float>, stride resultStride: Int
  ) {
    _ = useOneThread
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(aStride), b, Int32(bStride),
      0, result, Int32(resultStride))
  }

  /// Adds `aᵀ · b` to `result`, m × n, for `a` k × m and `b` k × n, all row-major and without padding.
  static func addTransposedProduct(
    _ a: UnsafePointer<Float>, columns m: Int, _ b: UnsafePointer<Float>, columns n: Int, rows k: Int,
    to result: UnsafeMutablePointer<Float>
  ) {
    _ = useOneThread
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(m), b, Int32(n), 1, result,
      Int32(n))
  }

  /// Adds `aᵀ · a` to the lower triangle of `result`, d × d, for `a` m × d, row-major.
  static func addGram(_ a: UnsafePointer<Float>, rows m: Int, columns d: Int, to result: UnsafeMutablePointer<Float>) {
    _ = useOneThread
    cblas_ssyrk(
      CblasRowMajor, CblasLower, CblasTrans, Int32(d), Int32(m), 1, a, Int32(d), 1, result, Int32(d))
  }

  /// Eigenvalues, ascending, and eigenvectors, one a row, of the symmetric matrix of which the lower triangle is given.
  ///
  /// LAPACK cannot be interrupted. It works on a copy in another thread, which is left to finish alone when the
  /// user has interrupted.
  /// - Throws: `AnalysisError.linearAlgebraFailed` or `WorkInterrupted`.
  /// - Complexity: O(d³).
  static func eigenSystem(
    _ symmetric: [Float], size d: Int, monitor: any WorkMonitor
  ) throws -> (values: [Float], vectors: [Float]) {
    _ = useOneThread
    let work = EigenWork()
    DispatchQueue.global(qos: .userInitiated).async {
      var vectors = symmetric
      var values = [Float](repeating: 0, count: d)
      // The lower triangle by rows is the upper triangle by columns.
      let code = LAPACKE_ssyevd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), Int32(d), &vectors, Int32(d), &values)
      work.outcome.withLock { $0 = (Int(code), values, vectors) }
      work.finished.signal()
    }
    while work.finished.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
      try monitor.checkInterrupted()
    }
    let (code, values, vectors) = work.outcome.withLock { $0 }
    guard code == 0 else { throw AnalysisError.linearAlgebraFailed(routine: "ssyevd", code: code) }
    return (values, vectors)
  }
}

/// What passes between the caller of LAPACK and its thread.
private final class EigenWork: Sendable {
  let finished = DispatchSemaphore(value: 0)
  let outcome = Mutex<(code: Int, values: [Float], vectors: [Float])>((0, [], []))
}
