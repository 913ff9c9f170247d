// SPDX-License-Identifier: GPL-3.0-or-later

/// The laws of pairs that scenarios may name.
public enum PairLaws {
  public static let known: [any PairLaw.Type] = [GaussianWells.self, LennardJones.self, Coulomb.self]
}
