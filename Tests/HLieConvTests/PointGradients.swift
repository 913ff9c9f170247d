// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

extension PointModel {
  /// With parameters and statistics that nothing cancels in.
  var unsettled: PointModel {
    var (model, generator) = (self, SeededGenerator(seed: 11))
    for k in model.parameters.indices { model.parameters[k] += generator.uniform(-0.1, 0.1) }
    for norm in model.network.norms {
      for k in 0..<norm.channels {
        model.statistics[norm.statistics + k] = generator.uniform(-0.5, 0.5)
        model.statistics[norm.statistics + norm.channels + k] = generator.uniform(0.5, 2)
      }
    }
    return model
  }

  /// Expects the gradient of a loss of the batch's outputs to be that of central differences, in a sample of every tensor.
  func expectGradientsOfFiniteDifferences<Tile>(of batch: PointBatch<Tile>) where Tile.Scalar == Double {
    let engine = engine(threads: 2, Double.self)
    func loss(_ sample: Int, _ row: UnsafeMutableBufferPointer<Double>) -> Double {
      var sum = 0.0
      for k in row.indices {
        let weight = Double(k + 1 + sample)
        sum += row[k] * row[k] / 2 + weight * row[k]
        row[k] += weight
      }
      return sum
    }
    _ = engine.lossGradient(of: batch) { loss($0, $1) }
    let gradient = Array(engine.gradient)
    func value() -> Double {
      engine.parametersChanged()
      let (outputs, width) = (engine.outputs(of: batch, training: true), network.outputs)
      let sum = (0..<batch.samples).reduce(0.0) { sum, sample in
        var row = Array(outputs[sample * width..<(sample + 1) * width])
        return sum + row.withUnsafeMutableBufferPointer { loss(sample, $0) }
      }
      return sum / Double(batch.samples)
    }
    var generator = SeededGenerator(seed: 3)
    for view in network.layout.views {
      let size = view.range.reduce(0.0) { max($0, abs(gradient[$1])) }
      for _ in 0..<3 {
        let k = view.offset + generator.index(below: view.count)
        let (theta, h) = (engine.parameters[k], 3e-5)
        engine.parameters[k] = theta + h
        let above = value()
        engine.parameters[k] = theta - h
        let below = value()
        engine.parameters[k] = theta
        let difference = (above - below) / (2 * h)
        #expect(
          abs(difference - gradient[k]) < 1e-5 * (size + 0.01), "\(view.name): \(gradient[k]), \(difference)")
      }
    }
  }
}
