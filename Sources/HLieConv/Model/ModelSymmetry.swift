// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// Whether a model keeps a momentum by the way it is built, whatever its parameters.
public enum Conservation: String, Sendable, CaseIterable {
  /// V and T are both unchanged by the motion: conserved to round-off.
  case exact
  /// V is unchanged but T is not (scaling, squeeze), or V only in distribution (lifts drawn at random).
  case approximate
  /// Nothing makes the model keep it.
  case no
}

/// The motions that leave a model's potential V unchanged by construction.
///
/// Which those are is told from the velocity fields of the group, not from names. A centred model sees x − x̄, on
/// which an affine motion x ↦ Ax + b acts by A alone: V is unchanged if x ↦ Ax is in the group, whatever b.
public struct ModelSymmetry: Sendable {
  private let fields: [VelocityField]
  private let isCentred: Bool
  /// The group's elements are drawn at random, so that its symmetry is that of the mean over all draws.
  private let isRandom: Bool

  public init(_ model: HamiltonianModel) {
    self.init(group: model.group, lift: model.config.lift, isCentred: model.config.centre)
  }

  init(group: any LieGroup.Type, lift: Lift = .isotropic, isCentred: Bool) {
    fields = VelocityField.all(of: group)
    self.isCentred = isCentred
    isRandom = lift == .haar && group.framed != nil
  }

  /// How far V is unchanged along ξ: `exact`, or `approximate` where it is only in distribution.
  public func invariance(along ξ: VelocityField) -> Conservation {
    let own: Conservation = isRandom ? .approximate : .exact
    guard isCentred else { return ξ.isCombination(of: fields) ? own : .no }
    guard let linear = ξ.linearPart else { return .no }
    // Translations are gone before anything is lifted.
    if linear.isCombination(of: []) { return .exact }
    return linear.isCombination(of: fields) ? own : .no
  }

  /// How far the model keeps J_ξ. What holds a pinned body takes up momentum, unless the motion leaves the body
  /// where it is.
  ///
  /// - Parameter pins: where the pinned bodies are.
  public func conservation(of ξ: VelocityField, pins: [Coordinates<Double>] = []) -> Conservation {
    let V = invariance(along: ξ)
    guard V == .exact, pins.allSatisfy({ ξ.value(at: $0).norm == 0 }) else { return V == .exact ? .no : V }
    return ξ.isIsometry ? .exact : .approximate
  }
}
