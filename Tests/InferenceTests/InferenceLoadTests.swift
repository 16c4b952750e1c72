import ChannelMeans
import FeatureData
import Foundation
import Inference
import Synchronization
import Testing

@Suite struct InferenceLoadTests {
  private func load(
    slides: Int = 1, tileCount: Int = 60, completed: (SlideInference) -> Void = { _ in },
    _ prepare: @escaping @Sendable () -> Void
  ) throws -> InferenceLoad {
    let model = try Model.open(TestMaterial.model("classifier"), engines: [ChannelMeansEngine()])
    let pipeline = try InferencePipeline(
      model: model, layers: [try #require(model.layers.postconv)], outputs: [], standardization: .torch,
      tileSidePixels: 16, settings: InferenceSettings(batchSize: 4, streams: 2))
    let left = Mutex(slides)
    let load = try pipeline.run(
      monitor: SilentMonitor(), totalTiles: 0,
      next: {
        let number = left.withLock { left -> Int in
          left -= 1
          return left
        }
        return number < 0
          ? nil
          : SlideJob(name: "s\(number)", tileCount: tileCount) { _, pixels in
            prepare()
            pixels.update(repeating: 9)
          }
      }, completed: { completed($0) })
    return try #require(load)
  }

  @Test func `A run that waits for its tiles is bound by the disk that they are read from`() throws {
    let load = try load { usleep(4000) }
    #expect(load.bound == .reading && load.loading.blocked > load.loading.processor)
    #expect(load.tilesPerSecond > 0 && load.tileCount < 60 && load.loadedTileCount == 60)
  }

  @Test func `A run that makes much of its tiles is bound by decoding`() throws {
    let load = try load {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      let end = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9 + 0.003
      repeat {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      } while Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        < end
    }
    #expect(load.bound == .decoding && load.loadingMilliseconds > 2.9)
  }

  @Test func `A run whose results are written slowly is bound by the disk of the store`() throws {
    let load = try load(slides: 30, tileCount: 4, completed: { _ in usleep(20_000) }) {}
    #expect(load.bound == .writing)
  }

  @Test func `What computes nearly always bounds the run, whatever else was waited for`() {
    func load(_ busy: Double) -> InferenceLoad {
      InferenceLoad(
        tileCount: 100, seconds: 2, busyShare: busy, loading: ThreadTime(wall: 10, processor: 1), loadedTileCount: 108,
        storeShare: 0.1)
    }
    #expect(load(0.9).bound == .network && load(0.5).bound == .reading)
    #expect(load(0.9).tilesPerSecond == 50)
  }
}
