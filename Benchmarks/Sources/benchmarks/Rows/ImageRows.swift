// SPDX-License-Identifier: GPL-3.0-or-later

import HLieConv
import Images

/// The published network on images of digits: 28 × 28 pixels, T(2), 588,645 parameters.
extension Row {
  static let imagesStep = Row(
    name: "images_step", groups: [.network],
    summary: "cross-entropy of a batch of images, its gradient, one Adam update; float32"
  ) { bench in
    var config = PointNetworkConfig()
    config.group = "T2"
    let points = try SampledPoints(PixelGrid(side: 28).points, dimension: 2, config)
    let model = try PointModel(config, dimension: 2, inputs: 1, outputs: ImageSet.classes)
    for batch in [25, 32] {
      PeakMemory.forget()
      let learner = try PointLearner.sharing(model, points: points, capacity: batch, threads: bench.threads)
      let values = (0..<batch * points.count).map { Float($0 % 17) / 8 - 1 }
      let labels = (0..<batch).map { $0 % ImageSet.classes }
      let times = try bench.time {
        _ = try learner.step(SharedSamples(values, count: batch), rate: 1e-3) { sample, outputs in
          crossEntropy(&outputs, label: labels[sample])
        }
      }
      var line = Line("images_step", batch: batch, times)
      line["threads"] = bench.threads
      line["images_per_second"] = 1000 * Double(batch) / times.median
      line["peak_mib"] = PeakMemory.mebibytes
      bench.report(line)
    }
  }
}
