/// Eigenvalues and eigenvectors of a symmetric 3 × 3 matrix, the largest value first, by Jacobi's rotations.
///
/// Golub and Van Loan, "Matrix Computations", section 8.5. Each sweep about squares what is off the diagonal.
struct SymmetricEigenvectors {
  let values: SIMD3<Double>
  /// Of unit length and at right angles; their signs mean nothing.
  let vectors: [SIMD3<Double>]

  /// - Parameter matrix: three rows, of which the upper triangle is read.
  init(_ matrix: [SIMD3<Double>]) {
    var a = matrix
    for row in 1..<3 { for column in 0..<row { a[row][column] = a[column][row] } }
    var basis: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    for _ in 0..<16 {
      let offDiagonal = abs(a[0][1]) + abs(a[0][2]) + abs(a[1][2])
      if offDiagonal <= 1e-300 { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for row in 0..<3 {
          (a[row][p], a[row][q]) = (cosine * a[row][p] - sine * a[row][q], sine * a[row][p] + cosine * a[row][q])
        }
        (a[p], a[q]) = (cosine * a[p] - sine * a[q], sine * a[p] + cosine * a[q])
        (basis[p], basis[q]) = (cosine * basis[p] - sine * basis[q], sine * basis[p] + cosine * basis[q])
      }
    }
    let order = [0, 1, 2].sorted { a[$0][$0] > a[$1][$1] }
    values = SIMD3(a[order[0]][order[0]], a[order[1]][order[1]], a[order[2]][order[2]])
    vectors = order.map { basis[$0] }
  }
}
