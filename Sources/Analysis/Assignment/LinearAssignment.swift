/// Who takes which task so that the costs of all add up to the least.
///
/// Each task has a price; a first round gives tasks to the workers that are cheapest for them, and each worker that is left
/// finds its task along a path of exchanges that costs least. Source: Jonker, Volgenant, "A shortest augmenting path algorithm
/// for dense and sparse linear assignment problems", Computing 38 (1987), doi:10.1007/BF02278710.
package struct LinearAssignment: Sendable {
  private let count: Int
  private let costs: [Double]

  /// - Parameters:
  ///   - count: Of workers and of tasks.
  ///   - costs: `count × count`, workers by tasks, finite.
  package init(count: Int, costs: [Double]) {
    precondition(costs.count == count * count, "a cost for each worker and task")
    self.count = count
    self.costs = costs
  }

  /// - Returns: the worker of each task.
  /// - Complexity: O(count³).
  package func workers() -> [Int] {
    var workerOfTask = [Int](repeating: -1, count: count)
    guard count > 0 else { return workerOfTask }
    costs.withUnsafeBufferPointer { costs in
      workerOfTask.withUnsafeMutableBufferPointer { workerOfTask in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { numbers in
          withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * count) { places in
            var search = PathSearch(
              count: count, costs: costs, workerOfTask: workerOfTask,
              prices: UnsafeMutableBufferPointer(rebasing: numbers[0..<count]),
              distances: UnsafeMutableBufferPointer(rebasing: numbers[count...]),
              workerBefore: UnsafeMutableBufferPointer(rebasing: places[0..<count]),
              tasks: UnsafeMutableBufferPointer(rebasing: places[count..<2 * count]),
              taskOfWorker: UnsafeMutableBufferPointer(rebasing: places[(2 * count)...]))
            search.assignCheapest()
            for worker in 0..<count where search.taskOfWorker[worker] < 0 { search.assign(worker) }
          }
        }
      }
    }
    return workerOfTask
  }
}

/// The state of an assignment, in memory of the call that makes it.
private struct PathSearch {
  let count: Int
  let costs: UnsafeBufferPointer<Double>
  let workerOfTask: UnsafeMutableBufferPointer<Int>
  let prices: UnsafeMutableBufferPointer<Double>
  /// From the worker that is looked at to each task, by prices.
  let distances: UnsafeMutableBufferPointer<Double>
  /// From whom a task is reached.
  let workerBefore: UnsafeMutableBufferPointer<Int>
  /// Those that are not reached yet, and behind them those that are, the last one first.
  let tasks: UnsafeMutableBufferPointer<Int>
  let taskOfWorker: UnsafeMutableBufferPointer<Int>

  mutating func assignCheapest() {
    taskOfWorker.initialize(repeating: -1)
    prices.initialize(repeating: .infinity)
    distances.initialize(repeating: 0)
    workerBefore.initialize(repeating: -1)
    for worker in 0..<count {
      for task in 0..<count where costs[worker * count + task] < prices[task] {
        prices[task] = costs[worker * count + task]
        workerBefore[task] = worker
      }
    }
    for task in 0..<count where taskOfWorker[workerBefore[task]] < 0 {
      taskOfWorker[workerBefore[task]] = task
      workerOfTask[task] = workerBefore[task]
    }
    for task in 0..<count { tasks[task] = task }
  }

  /// Finds a task for a worker without one; others on the way exchange theirs.
  mutating func assign(_ newcomer: Int) {
    var openCount = count
    var worker = newcomer
    var base = 0.0
    for task in 0..<count { distances[task] = .infinity }
    while true {
      let row = worker * count
      var (least, place) = (Double.infinity, 0)
      for index in 0..<openCount {
        let task = tasks[index]
        let distance = costs[row + task] - prices[task] + base
        if distance < distances[task] {
          distances[task] = distance
          workerBefore[task] = worker
        }
        if distances[task] < least { (least, place) = (distances[task], index) }
      }
      openCount -= 1
      let task = tasks[place]
      tasks[place] = tasks[openCount]
      tasks[openCount] = task
      guard workerOfTask[task] >= 0 else {
        for index in openCount + 1..<max(count, openCount + 1) {
          prices[tasks[index]] += distances[tasks[index]] - least
        }
        return exchange(backFrom: task, to: newcomer)
      }
      worker = workerOfTask[task]
      base = least - (costs[worker * count + task] - prices[task])
    }
  }

  private func exchange(backFrom last: Int, to newcomer: Int) {
    var task = last
    while true {
      let worker = workerBefore[task]
      let before = taskOfWorker[worker]
      workerOfTask[task] = worker
      taskOfWorker[worker] = task
      if worker == newcomer { return }
      task = before
    }
  }
}
