/// Who takes which task so that the costs of all add up to the least.
///
/// By shortest augmenting paths. Source: Jonker, Volgenant, "A shortest augmenting path algorithm for dense and sparse
/// linear assignment problems", Computing 38 (1987), doi:10.1007/BF02278710.
package struct LinearAssignment {
  private let count: Int
  private var taskPrices: [Double]
  private var workerPrices: [Double]
  private var workerOfTask: [Int]
  private var taskBefore: [Int]
  private var shortest: [Double]
  private var isReached: [Bool]

  /// - Parameter count: Of workers and of tasks.
  package init(count: Int) {
    self.count = count
    // Task 0 is none: there the path of a worker begins.
    taskPrices = [Double](repeating: 0, count: count + 1)
    workerPrices = [Double](repeating: 0, count: count + 1)
    workerOfTask = [Int](repeating: 0, count: count + 1)
    taskBefore = [Int](repeating: 0, count: count + 1)
    shortest = [Double](repeating: 0, count: count + 1)
    isReached = [Bool](repeating: false, count: count + 1)
  }

  /// - Parameter costs: `count × count`, workers by tasks, finite.
  /// - Returns: the worker of each task.
  /// - Complexity: O(count³).
  package mutating func workers(costs: [Double]) -> [Int] {
    precondition(costs.count == count * count, "a cost for each worker and task")
    for task in 0...count {
      taskPrices[task] = 0
      workerPrices[task] = 0
      workerOfTask[task] = 0
    }
    costs.withUnsafeBufferPointer { costs in
      for worker in stride(from: 1, through: count, by: 1) { add(worker, costs) }
    }
    return workerOfTask.dropFirst().map { $0 - 1 }
  }

  private mutating func add(_ worker: Int, _ costs: UnsafeBufferPointer<Double>) {
    workerOfTask[0] = worker
    for task in 0...count {
      shortest[task] = .infinity
      isReached[task] = false
    }
    var task = 0
    repeat {
      isReached[task] = true
      let current = workerOfTask[task]
      let row = (current - 1) * count - 1
      let price = workerPrices[current]
      var (least, next) = (Double.infinity, 0)
      shortest.withUnsafeMutableBufferPointer { shortest in
        for other in stride(from: 1, through: count, by: 1) where !isReached[other] {
          let reduced = costs[row + other] - price - taskPrices[other]
          if reduced < shortest[other] {
            shortest[other] = reduced
            taskBefore[other] = task
          }
          if shortest[other] < least { (least, next) = (shortest[other], other) }
        }
      }
      for other in 0...count {
        if isReached[other] {
          workerPrices[workerOfTask[other]] += least
          taskPrices[other] -= least
        } else {
          shortest[other] -= least
        }
      }
      task = next
    } while workerOfTask[task] != 0
    while task != 0 {
      workerOfTask[task] = workerOfTask[taskBefore[task]]
      task = taskBefore[task]
    }
  }
}
