import DemoProject
import FeatureData
import Glibc

// Writes demo projects of any size, to train the demo's model on.
let words = CommandLine.arguments
let numbers = words.dropFirst(2).map { Int($0) ?? -1 }
guard [1, 4].contains(numbers.count), numbers.allSatisfy({ $0 >= 0 }) else {
  print("demo-slides FOLDER SEED [SLIDES LEAST-TILES MOST-TILES]")
  exit(2)
}
var plan = DemoPlan.standard
// Training reads the records alone.
plan.slideImageCount = 0
if numbers.count == 4 {
  guard numbers[2] <= numbers[3] else {
    print("the least number of tiles is above the most")
    exit(2)
  }
  plan.slideCount = numbers[1]
  plan.tileCounts = numbers[2]...numbers[3]
}
try DemoProject.write(to: words[1], seed: UInt64(numbers[0]), plan: plan)
