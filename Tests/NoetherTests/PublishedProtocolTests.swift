// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// The published protocol at full size, cut to 10 epochs: 3000 systems, k = 384, 4 blocks, batch 200, Adam at
/// 1e-3 with a cosine to its floor, chunks of 5 points by the 3/8 rule: 150 steps of 895,297 parameters.
@Suite struct PublishedProtocolTests {
  @Test("150 steps reach a test error of 1e-3, far below predicting nothing", .timeLimit(.minutes(40)))
  func learns() throws {
    let folder = try Tool.Folder()
    let training = try Tool.run(
      "train", "springs-T2", "--quiet", "--out", folder.file("run"), "--set", "training.epochs=10")
    #expect(training.code == 0, "\(training.errors)")
    let evaluation = try Tool.run("evaluate", folder.file("run"), "--quiet")
    #expect(evaluation.code == 0, "\(evaluation.errors)")
    var metrics: [Substring: Double] = [:]
    for line in evaluation.output.split(separator: "\n").dropFirst() {
      let parts = line.split(separator: ",")
      metrics[parts[0]] = Double(parts[1])
    }
    let error = try #require(metrics["test_mse"])
    print("published protocol, 10 epochs: test_mse \(error)")
    #expect(error <= 1e-3)
    // The data are the published ones: their trivial baselines are known, to three standard errors of 0.0045.
    #expect(abs((metrics["hold_mse"] ?? 0) - 0.160) < 0.0135)
    #expect(abs((metrics["free_flight_mse"] ?? 0) - 0.158) < 0.0135)
    #expect(metrics["test_systems"] == 2000)
  }
}
