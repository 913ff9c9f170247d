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
  /// The fields under which V is unchanged, at least in distribution.
  private let fields: [VelocityField]
  /// Those under which it is unchanged whatever is drawn: lifts drawn at random know a direction of space, but not a
  /// place, so that translations are left.
  private let certain: [VelocityField]
  private let isCentred: Bool
  /// Noether's theorem is one about energies that are kept: a field without one and friction keep nothing, whatever the symmetry.
  private let keepsEnergy: Bool

  public init(_ model: HamiltonianModel) {
    self.init(
      group: model.group, lift: model.config.lift, isCentred: model.config.centre,
      keepsEnergy: model.dynamics.hasEnergy && model.friction == nil)
  }

  init(
    group: any LieGroup.Type, lift: Lift = .isotropic, isCentred: Bool, keepsEnergy: Bool = true
  ) {
    self.keepsEnergy = keepsEnergy
    fields = VelocityField.all(of: group)
    certain = lift == .haar ? group.framed.map { VelocityField.all(of: $0) } ?? fields : fields
    self.isCentred = isCentred
  }

  /// How far V, or H, is unchanged along ξ, or a vector field carried into itself: `exact`, or `approximate` where it is
  /// only in distribution.
  public func invariance(along ξ: VelocityField) -> Conservation {
    // Translations are gone before anything is lifted.
    guard let seen = isCentred ? ξ.linearPart : ξ else { return .no }
    if seen.isCombination(of: certain) { return .exact }
    return seen.isCombination(of: fields) ? .approximate : .no
  }

  /// How far the model keeps J_ξ. What holds a pinned body takes up momentum, unless the motion leaves the body
  /// where it is.
  ///
  /// - Parameter pins: where the pinned bodies are.
  public func conservation(of ξ: VelocityField, pins: [Coordinates<Double>] = []) -> Conservation {
    guard keepsEnergy, pins.allSatisfy({ ξ.value(at: $0).norm == 0 }) else { return .no }
    let V = invariance(along: ξ)
    return V == .exact && !ξ.isIsometry ? .approximate : V
  }
}
