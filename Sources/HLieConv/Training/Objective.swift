// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What a loss compares with the data.
enum Objective: Sendable {
  /// The states of chunks that the learned dynamics are rolled out through.
  case chunks(ChunkMethod)
  /// Energies and forces that come with the positions.
  case labels(LabelWeights)

  /// Places in the engine that its evaluations take.
  func evaluations(points: Int) -> Int {
    switch self {
    case .chunks(let method): method.evaluations(points: points)
    case .labels: 1
    }
  }

  /// Why such dynamics cannot be compared so; nil where they can.
  func complaint(about dynamics: LearnedDynamics) -> String? {
    switch self {
    case .chunks(let method): method.complaint(about: dynamics).map { "loss.integrator: \($0)" }
    case .labels:
      dynamics == .potential
        ? nil : "loss.kind: potential: the model learns \(dynamics.output); energies and forces need V(q)"
    }
  }
}

/// The weights w_E and w_F of energies and forces in the loss of a system with n bodies in d dimensions,
///
///     L = w_E ((V − E)/n)² + w_F Σ |F − F*|²/(n d),
///
/// where E is not divided by n if it does not grow with it.
public struct LabelWeights: Sendable, Equatable {
  public let energy: Double
  public let force: Double
  public var isPerBody = true

  /// Reads `energy` and `force` of a `loss` block; without a word no forces, where the data have none.
  init(_ reader: ConfigReader, _ structures: StructureConfig?) throws {
    isPerBody = structures?.isIntensive != true
    energy = try reader["energy"]?.double(.atLeastZero) ?? 1
    force = try reader["force"]?.double(.atLeastZero) ?? (structures?.forces == nil ? 0 : 1)
    if energy == 0, force == 0, let node = reader["energy"] {
      throw node.error("nothing is left to learn from with force: 0; write a weight above 0")
    }
  }

  public init(energy: Double, force: Double) {
    self.energy = energy
    self.force = force
  }
}

/// What is known of one configuration of bodies.
public struct PotentialLabels: Sendable {
  /// V, up to what the loss does not see.
  public let energy: Double?
  /// −∂V/∂q [bodies × dimension].
  public let forces: [Double]?

  public init(energy: Double?, forces: [Double]?) {
    self.energy = energy
    self.forces = forces
  }
}
