import CommandLanguage
import Foundation
import Testing

@Suite("What a map shows by its colours")
struct MapViewTests {
  let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
  }

  @Test(
    "show_prediction colours the map by a probability, also of class 0, or by the predicted class",
    arguments: [
      ("show_prediction=0", "by probability of 0 (softmax)"), ("show_prediction=1", "by probability of 1 (softmax)"),
      ("show_prediction=true", "by prediction."), ("show_prediction=true restrict_pred=[1]", "by prediction among 1."),
      ("show_prediction=1 restrict_pred=[0, 1]", "by probability of 1 among 0, 1 (softmax over these)"),
      ("map_slide=centroid show_prediction=0", "6 slides by share of tiles predicted 0"),
      ("map_slide=average show_prediction=true", "6 slides by prediction of most tiles"), ("", "by HPV_status."),
      ("show_prediction=false", "by HPV_status."),
    ])
  func shownPrediction(arguments: String, expected: String) {
    let shown = study.run("u = slide_map df n_neighbors=4 \(arguments)")
    #expect(shown.failure == nil && shown.text.contains(expected), "\(shown.failure ?? shown.text)")
  }

  @Test("the pictures of two classes' probabilities differ, and so do restricted and free predictions")
  func picturesDiffer() throws {
    let pictures = try ["show_prediction=0", "show_prediction=1", "show_prediction=true restrict_pred=[0]", ""].map {
      try #require(study.run("slide_map df n_neighbors=4 \($0)").outputs.first?.picture).png
    }
    #expect(Set(pictures).count == 4)
  }

  @Test(
    "what cannot be predicted is refused before anything is mapped",
    arguments: [
      ("slide_map df show_prediction=2", "2"), ("slide_map df show_prediction=maybe", "maybe"),
      ("slide_map df show_prediction=0 restrict_pred=[1]", "0 is not among the outcomes of `restrict_pred`."),
      ("slide_map df restrict_pred=[1]", "show_prediction"),
    ])
  func refused(cell: String, expected: String) throws {
    let failure = try #require(study.run(cell).failure)
    #expect(failure.contains(expected), "\(failure)")
  }
}
