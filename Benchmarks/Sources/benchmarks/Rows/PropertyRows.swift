// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// The published network on molecules: T(3), all atoms neighbours of all, 21,315,553 parameters; molecules of 9 to 27 atoms are made up.
extension Row {
  static let propertiesStep = Row(
    name: "properties_step", groups: [.network],
    summary:
      "a property of a batch of molecules by the published network, its gradient, one Adam update; float32"
  ) { bench in
    var config = PointNetworkConfig()
    (config.group, config.embedding, config.width, config.layers) = ("T3", .log, 1536, 6)
    (config.downsampling, config.fill, config.neighbours) = (1, 1, 100)
    let inputs = 15
    let model = try PointModel(config, dimension: 3, inputs: inputs, outputs: 1)
    for batch in [25, 100] {
      PeakMemory.forget()
      var generator = SeededGenerator(seed: 0)
      let sets = try (0..<batch).map { index in
        let atoms = 9 + 3 * (index % 7)
        let places = (0..<3 * atoms).map { _ in generator.normal() }
        return PointSet(
          try SampledPoints(places, dimension: 3, config, standardised: false),
          values: (0..<atoms * inputs).map { _ in Float(generator.normal()) })
      }
      let targets = (0..<batch).map { _ in generator.normal() }
      let learner = try PointLearner.own(
        model, nodes: batch * 27, pairs: batch * 27 * 27, threads: bench.threads)
      let times = try bench.time {
        _ = try learner.step(sets, rate: 1e-3) { sample, outputs in
          let distance = outputs[0] - targets[sample]
          outputs[0] = distance > 0 ? 1 : -1
          return abs(distance)
        }
      }
      var line = Line("properties_step", batch: batch, times)
      line["threads"] = bench.threads
      line["parameters"] = model.network.layout.count
      line["peak_mib"] = PeakMemory.mebibytes
      bench.report(line)
    }
  }
}
