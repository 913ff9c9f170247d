// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// A uniformly random rotation of the plane or of space about the origin.
public struct RandomRotation: Sendable {
  /// (cos φ, sin φ), or a unit quaternion.
  let element: Coordinates<Double>

  /// Normal numbers, normalised, lie uniformly on the circle or on the sphere of unit quaternions.
  public init(dimension: Int, using generator: inout SeededGenerator) {
    let numbers = (0..<(dimension == 2 ? 2 : 4)).map { _ in generator.normal() }
    let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    element = Coordinates(count: numbers.count) { numbers[$0] / length }
  }

  /// Turns vectors that lie one behind another [n × dimension].
  public func callAsFunction(_ vectors: [Double]) -> [Double] {
    let dimension = element.count == 2 ? 2 : 3
    return stride(from: 0, to: vectors.count, by: dimension).flatMap { at -> [Double] in
      let x = Coordinates<Double>(count: dimension) { vectors[at + $0] }
      let turned = dimension == 2 ? SO2.act(element, on: x) : SO3.act(element, on: x)
      return (0..<dimension).map { turned[$0] }
    }
  }
}
