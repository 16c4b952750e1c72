import FeatureData
import Testing

@testable import Analysis

/// Simulated studies, and what is said of each.
@Suite struct BatchVerdictTests {
  @Test(arguments: [
    SimulatedSites(counts: [[16, 4], [4, 16]], siteEffect: 1, seed: 2),
    SimulatedSites(counts: [[17, 3], [10, 10], [3, 17]], siteEffect: 0.5, seed: 2),
    SimulatedSites(counts: [[8, 2], [10, 2], [3, 9], [2, 11], [7, 6]], siteEffect: 0.8, seed: 3),
    SimulatedSites(featureCount: 512, counts: [[22, 4], [3, 13]], siteEffect: 0.7, seed: 4),
    SimulatedSites(counts: [[12, 2, 2], [2, 12, 2], [2, 2, 12]], siteEffect: 1, seed: 5),
  ])
  func `An outcome that is only the shadow of the site is called so`(study: SimulatedSites) throws {
    let readings = try study.readings()
    #expect(study.verdict(readings) == .siteAlone, "\(study.verdict(readings))")
    #expect(try #require(readings.site).area.value > 0.9)
    #expect(try #require(readings.outcome).area.value > 0.65)
    #expect(try #require(readings.shadow).mean > 0.6)
  }

  @Test func `A shadow in too few patients to be sure is said to be possible`() throws {
    let study = SimulatedSites(counts: [[7, 2], [2, 7]], siteEffect: 1, seed: 6)
    let verdict = study.verdict(try study.readings())
    #expect([.perhapsSite, .inconclusive].contains(verdict), "\(verdict)")
  }

  @Test(arguments: [
    SimulatedSites(counts: [[10, 10], [10, 10]], siteEffect: 1, outcomeEffect: 0.5, seed: 1),
    SimulatedSites(counts: [[3, 3], [3, 3], [3, 3], [3, 3]], siteEffect: 1, outcomeEffect: 0.5, seed: 2),
    SimulatedSites(
      counts: [[6, 6], [8, 5], [4, 7], [3, 3], [5, 6], [4, 4]], siteEffect: 0.5, outcomeEffect: 0.4, seed: 3),
    SimulatedSites(featureCount: 512, counts: [[5, 14], [6, 12], [4, 9]], outcomeEffect: 0.4, seed: 4),
    SimulatedSites(counts: [[6, 6, 6], [6, 6, 6], [6, 6, 6]], siteEffect: 1, outcomeEffect: 0.5, seed: 5),
  ])
  func `An outcome that shows in every site is not called its shadow`(study: SimulatedSites) throws {
    let verdict = study.verdict(try study.readings())
    guard case .acrossSites = verdict else {
      Issue.record("\(verdict)")
      return
    }
  }

  @Test func `An outcome that shows and goes with the site beside that is told from it`() throws {
    let study = SimulatedSites(counts: [[16, 4], [4, 16]], siteEffect: 1, outcomeEffect: 0.5, seed: 1)
    let verdict = study.verdict(try study.readings())
    guard case .acrossSites = verdict else {
      Issue.record("\(verdict)")
      return
    }
  }

  @Test func `An outcome that shows otherwise in each site is not the site alone`() throws {
    let study = SimulatedSites(counts: [[10, 10], [10, 10]], siteEffect: 1, ownEffect: 0.5, seed: 3)
    #expect(study.verdict(try study.readings()) == .beyondSite)
  }

  @Test func `Where neither shows, nothing is read`() throws {
    let study = SimulatedSites(counts: [[15, 15], [15, 15]], seed: 2)
    let readings = try study.readings()
    #expect(study.verdict(readings) == .nothingRead)
    #expect(try #require(readings.site?.chance).p > 0.05)
  }

  @Test func `Of noise a signal is seen in no more than some of a hundred studies`() throws {
    var claims = 0
    for seed in 0..<100 {
      let counts = [[[4, 2], [2, 4]], [[2, 2], [3, 2], [1, 3]], [[5, 3], [3, 5]]][seed % 3]
      let study = SimulatedSites(
        featureCount: 64, counts: counts, siteEffect: Double(seed % 4) / 2, seed: UInt64(1000 + seed))
      switch study.verdict(try study.readings()) {
      case .acrossSites, .beyondSite: claims += 1
      default: break
      }
    }
    // The levels allow for five.
    #expect(claims <= 10, "\(claims)")
  }

  @Test(arguments: [
    ([[2, 1], [1, 2]], BatchVerdict.tooFew(.patients)), ([[10, 2], [9, 1]], .tooFew(.outcomes)),
    ([[10, 9], [1, 1]], .tooFew(.sites)), ([[4, 0], [0, 5]], .confounded(exceptions: 0)),
    ([[9, 0], [0, 9], [7, 0]], .confounded(exceptions: 0)), ([[12, 1], [0, 12]], .confounded(exceptions: 1)),
  ])
  func `What the numbers of patients cannot say is not said, however strong the effects`(
    counts: [[Int]], expected: BatchVerdict
  ) throws {
    let study = SimulatedSites(featureCount: 32, counts: counts, siteEffect: 2, outcomeEffect: 2)
    #expect(study.verdict(try study.readings()) == expected)
  }

  @Test func `A rare outcome is no function of the site`() throws {
    let study = SimulatedSites(featureCount: 32, counts: [[10, 2], [10, 2]], siteEffect: 1)
    guard case .confounded = study.verdict(try study.readings()) else { return }
    Issue.record("two patients of twelve in each site are not confounded with it")
  }

  @Test func `Sites without one of the outcomes are learned from, and not scored`() throws {
    let study = SimulatedSites(counts: [[6, 6], [8, 0], [6, 5], [0, 1]], siteEffect: 0.5, outcomeEffect: 0.6)
    let readings = try study.readings()
    #expect(readings.scoredSites == [0, 2] && readings.unseenSites?.area.pairCount == 36 + 30)
    // Two sites, of which one has one outcome only: nothing can be learned without the other.
    let lone = try SimulatedSites(counts: [[6, 6], [8, 0]]).readings()
    #expect(lone.scoredSites.isEmpty && lone.unseenSites == nil && lone.withinSites != nil)
  }

  @Test func `Equal seeds give equal numbers, whatever the number of threads`() throws {
    let cases = SimulatedSites(counts: [[5, 4], [4, 5]], siteEffect: 1).cases
    let readings = try [1, 4].map { try BatchReadings(cases, seed: 7, threads: $0, monitor: SilentMonitor()) }
    #expect(readings[0] == readings[1])
    let other = try BatchReadings(cases, seed: 8, monitor: SilentMonitor())
    #expect(other != readings[0])
  }

  @Test func `An interrupt ends the shuffles`() {
    let cases = SimulatedSites(counts: [[20, 20], [20, 20]]).cases
    let monitor = InterruptingMonitor(during: "outcomes by chance")
    #expect(throws: WorkInterrupted.self) { _ = try BatchReadings(cases, seed: 1, monitor: monitor) }
  }
}
