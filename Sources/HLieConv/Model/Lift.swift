// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// How bodies become elements of a group that turns about each point of space, so that a point has a whole fibre of
/// elements that carry the origin to it.
///
/// Groups without such turns have one lift for each point, and all three are the same to them.
public enum Lift: String, Sendable, CaseIterable {
  /// The fibre is integrated out: the kernel sees what two points have in common under any choice of elements, for
  /// SE(n) their distance. Exact and smooth.
  case isotropic
  /// The elements are chosen by a frame that is made of the bodies themselves and turns with them. Exact and smooth;
  /// where the bodies are too symmetric to have a frame, it fades and leaves what `isotropic` sees.
  case frame
  /// Each body is lifted by several random rotations (Finzi et al. 2020, section 4.1). The published program draws
  /// them anew for each body and each evaluation; here they are drawn once from the model's seed and are the same for
  /// all bodies, so that a model is one function of unordered bodies. Only its distribution over seeds has the
  /// symmetry.
  case haar

  static let defaultSamples = 4

  /// Uniformly random rotations [samples × 2 or 4] of the space with `dimension` axes, from `seed`.
  /// The first ones do not depend on how many there are.
  static func frames(samples: Int, dimension: Int, seed: UInt64) -> [Double] {
    (0..<samples).flatMap { sample -> [Double] in
      var generator = SeededGenerator(seed: seed, path: 0x6672_616D_65, UInt64(sample))
      let rotation = RandomRotation(dimension: dimension, using: &generator).element
      return (0..<rotation.count).map { rotation[$0] }
    }
  }
}
