// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// Where a model is defined: groups such as the scalings have points that they cannot lift.
extension HamiltonianModel {
  /// Whether two points are compared through their lifts, which may exist in fewer places than the embedding.
  private var usesLifts: Bool {
    config.neighbourhood.isHard || !config.frames(of: group).isEmpty
  }

  /// The first body of a configuration [bodies × dimension] that lies where the model is not defined, and why.
  func fault(at q: Span<Double>) -> (body: Int, why: String)? {
    let count = q.count / dimension
    var centre = Coordinates<Double>(count: dimension)
    if config.centre {
      for k in 0..<q.count { centre[k % dimension] += q[k] / Double(count) }
    }
    for body in 0..<count {
      let x = Coordinates(count: dimension) { q[body * dimension + $0] - centre[$0] }
      let liftFault = usesLifts ? group.liftFault(at: x) : nil
      guard let why = liftFault ?? group.embeddingFault(at: x) else { continue }
      let place = (0..<dimension).map { "\(x[$0])" }.joined(separator: ", ")
      let origin = config.centre ? " from the mean position" : ""
      return (body, "at (\(place))\(origin), where \(group.name) is not defined: \(why)")
    }
    return nil
  }

  /// Throws where a state of `data` lies outside the domain, `name` saying which data they are.
  func checkDomain(of data: ChunkDataset, name: String) throws {
    for (index, entry) in data.systems.enumerated() {
      for (point, state) in entry.states.enumerated() {
        guard let (body, why) = fault(at: state.q.span) else { continue }
        throw NoetherError(
          "\(name): system \(index + 1), point \(point + 1) of its chunk: body '\(entry.bodies.names[body])' is "
            + why)
      }
    }
  }
}
