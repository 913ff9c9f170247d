// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// A symplectic splitting for H = T(p) + V(q): kicks p ← p + c·h·F(q) and drifts q ← q + c·h·p/m in turn.
public struct SplittingTable: Sendable {
  public enum Substep: Sendable, Equatable {
    case kick(Double)
    case drift(Double)
  }
  /// The substeps of one step, in order. Where a step ends and begins with a kick, the force is used twice.
  public let substeps: [Substep]

  public init(substeps: [Substep]) { self.substeps = substeps }

  /// Substeps that read the same backward: `half`, the `middle` one, and `half` in reverse.
  public init(half: [Substep], middle: Substep) {
    self.init(substeps: half + [middle] + half.reversed())
  }

  /// Kick–drift–kick Störmer–Verlet of the step fractions γ₁, γ₂, …, one after another; adjacent kicks merged.
  public init(verletFractions fractions: [Double]) {
    var substeps: [Substep] = []
    var pending = 0.0
    for fraction in fractions {
      substeps.append(.kick(pending + fraction / 2))
      substeps.append(.drift(fraction))
      pending = fraction / 2
    }
    substeps.append(.kick(pending))
    self.substeps = substeps
  }

  /// Verlet steps of the fractions `half`, of 1 − 2Σ `half`, and of `half` in reverse.
  public init(symmetricVerletFractions half: [Double]) {
    self.init(verletFractions: half + [1 - 2 * half.reduce(0, +)] + half.reversed())
  }
}

/// Order 1 and 2.
extension SplittingTable {
  /// Kick, then drift (Hairer, Lubich & Wanner, Geometric Numerical Integration, I.1.9): order 1.
  public static let symplecticEuler = SplittingTable(substeps: [.kick(1), .drift(1)])

  /// Störmer–Verlet, kick–drift–kick: order 2.
  public static let verlet = SplittingTable(verletFractions: [1])

  /// Störmer–Verlet, drift–kick–drift: order 2.
  public static let verletDKD = SplittingTable(half: [.drift(0.5)], middle: .kick(1))
}

/// Order 4.
extension SplittingTable {
  /// Yoshida (1990), order 4: γ₁ = γ₃ = 1/(2 − 2^⅓), γ₂ = 1 − 2γ₁.
  public static let yoshida4: SplittingTable = {
    let outer = 1 / (2 - Double.pow(2, 1 / 3.0))
    return SplittingTable(verletFractions: [outer, 1 - 2 * outer, outer])
  }()

  /// Omelyan, Mryglod & Folk, Comput. Phys. Commun. 146 (2002) 188, the position form; the published sixteen digits
  /// moved by less than one in the last, to where the conditions of order 4 hold.
  public static let pefrl: SplittingTable = {
    let (ξ, λ, χ) = (0.17861789584480906707, -0.21234183106260540383, -0.066264582669818496278)
    return SplittingTable(
      half: [.drift(ξ), .kick((1 - 2 * λ) / 2), .drift(χ), .kick(λ)], middle: .drift(1 - 2 * (χ + ξ)))
  }()

  /// Blanes & Moan, J. Comput. Appl. Math. 142 (2002) 313, S₆ of order 4, the outermost substep a kick; the published
  /// fifteen digits moved by less than one in the last, to where the conditions of order 4 hold.
  public static let blanesMoan4: SplittingTable = {
    let a = [0.079203696431195669434, 0.35317290604977398848, -0.042065080357719535368]
    let b = [0.20951510661336202127, -0.14385177317981800828]
    return SplittingTable(
      half: [
        .kick(a[0]), .drift(b[0]), .kick(a[1]), .drift(b[1]), .kick(a[2]), .drift(0.5 - (b[0] + b[1])),
      ],
      middle: .kick(1 - 2 * (a[0] + a[1] + a[2])))
  }()
}

/// Order 6 and 8: symmetric compositions of Verlet, with digits to which the order conditions hold beyond round-off.
extension SplittingTable {
  /// Yoshida, Phys. Lett. A 150 (1990) 262, order 6, solution A: 7 Verlet steps.
  public static let yoshida6 = SplittingTable(symmetricVerletFractions: [
    0.7845136104775572638194976, 0.2355732133593581336847932, -1.177679984178871006946416,
  ])

  /// Kahan & Li, Math. Comp. 66 (1997) 1089, order 6: 9 Verlet steps (Hairer, Lubich & Wanner, V.3.2).
  public static let kahanLi6 = SplittingTable(symmetricVerletFractions: [
    0.3921614440073141392792506, 0.3325991367893594385997486, -0.7062461725576393598099648,
    0.08221359629355080023149045,
  ])

  /// Yoshida, Phys. Lett. A 150 (1990) 262, order 8, solution D: 15 Verlet steps. The published digits, twelve of which
  /// satisfy the order conditions, are continued by Newton's method.
  public static let yoshida8 = SplittingTable(symmetricVerletFractions: [
    0.9148442462297915667487935, 0.253693336566211354146146, -1.444852236860605157694731,
    -0.1582406353680501752040668, 1.938139137622525986579186, -1.960610232975310807607633,
    0.1027998493917964406981151,
  ])

  /// Kahan & Li, Math. Comp. 66 (1997) 1089, order 8: 17 Verlet steps (Hairer, Lubich & Wanner, V.3.2).
  public static let kahanLi8 = SplittingTable(symmetricVerletFractions: [
    0.1302024830888900808788176, 0.5611629817751083845619644, -0.3894749626448472864080786,
    0.1588419065551556008962107, -0.3959038941332375773362315, 0.1845396409783157070918325,
    0.2583743876863220472939791, 0.2950117236093102988709662,
  ])
}
