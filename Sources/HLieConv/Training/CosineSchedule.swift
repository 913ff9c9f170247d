// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import RealModule

/// The learning rate over the steps of training: a cosine to a floor, or constant.
///
/// rate(s) = r (f + (1 − f) ½ (1 + cos πs/S)), from r at the first step towards the floor f r at the end S
/// (Loshchilov & Hutter 2017, one period), or r throughout.
public struct CosineSchedule: Sendable, Equatable {
  public let learningRate: Double
  /// As a fraction of the learning rate; 1 is a constant rate.
  public let floor: Double

  /// Reads `learning_rate`, `schedule` and `floor` of an optimiser.
  public init(_ reader: ConfigReader) throws {
    learningRate = try reader.required("learning_rate", "learning_rate: 1e-3").double(.positive)
    let name = try reader["schedule"]?.choice(["cosine", "constant"]) ?? "cosine"
    if let node = reader["floor"] {
      if name == "constant" { throw node.error("goes with schedule: cosine; leave it out") }
      floor = try node.double(.atLeastZero)
      if floor > 1 {
        throw node.error("\(floor) is not allowed; write a fraction of the learning rate, 0 to 1")
      }
    } else {
      floor = name == "cosine" ? 1e-3 : 1
    }
  }

  /// The rate of step `step` (from 0) of `total`.
  public func rate(step: Int, total: Int) -> Double {
    let half = (1 + Double.cos(.pi * Double(step) / Double(max(1, total)))) / 2
    return learningRate * (floor + (1 - floor) * half)
  }
}
