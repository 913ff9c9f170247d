// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How well a model predicts chunks, beside the errors of predicting nothing.
public struct ChunkEvaluation: Sendable, Equatable {
  /// The mean over systems of the mean squared error over points, bodies, positions and momenta.
  public let mean: Double
  public let median: Double
  /// Nothing moves.
  public let hold: Double
  /// q + t p/m with p constant.
  public let freeFlight: Double
  public let systems: Int
}

extension HamiltonianModel {
  /// The chunk errors of this model, integrated by `method` in the precision it was trained in.
  ///
  /// Throws where the data have another dimension or other features, or lie outside the group's domain.
  public func evaluate(on data: ChunkDataset, method: ChunkMethod, threads: Int) throws -> ChunkEvaluation {
    try checkFit(data)
    try checkDomain(of: data, name: "test data")
    func errors<T: NetworkScalar>(_ scalar: T.Type) throws -> [Double] {
      try ChunkLoss<T>(
        program, initial: parameters.map { T($0) }, objective: .chunks(method), sizes: data.sizes,
        points: data.points,
        threads: threads, gradients: false
      ).errors(of: ChunkTensors(data))
    }
    let all = try (precision == Float.precisionName ? errors(Float.self) : errors(Double.self)).sorted()
    let trivial = data.trivialErrors
    return ChunkEvaluation(
      mean: all.reduce(0, +) / Double(max(1, all.count)), median: all.median() ?? 0, hold: trivial.hold,
      freeFlight: trivial.freeFlight, systems: all.count)
  }

  /// Throws where data have another dimension, other features or another number of bodies than this model.
  func checkFit(_ data: ChunkDataset) throws {
    guard data.dimension == dimension, data.featureNames == featureNames else {
      throw NoetherError(
        "the model knows \(dimension)-dimensional bodies by \(featureNames.joined(separator: ", ")); the data are "
          + "\(data.dimension)-dimensional with \(data.featureNames.joined(separator: ", "))")
    }
    for size in data.sizes { try config.checkBodies(size, whose: "the data have") }
    for entry in data.systems { try checkKinetic(entry.law) }
  }
}
