// SPDX-License-Identifier: GPL-3.0-or-later

/// How the energy is read from the layers' values.
public enum Readout: String, Sendable, CaseIterable {
  /// A number from each body, as published.
  case node
  /// A number from each pair of bodies: the inner product of their values with a kernel between them.
  case pair
}

/// What the bodies' values are to the readout of pairs.
public enum Charges: String, Sendable, CaseIterable {
  /// The charges themselves.
  case free
  /// Charges per mass: bodies that differ by orders of magnitude then fall alike unless the data say otherwise.
  case perMass = "per-mass"
}

/// Where the kinetic energy comes from.
public enum Kinetic: String, Sendable, CaseIterable {
  /// T = Σ |pᵢ|²/2mᵢ with the masses that are known.
  case given
  /// T = Σ wᵢ|pᵢ|²/2, where the inverse masses w are learned as a function of the features.
  case diagonal
}

/// What the kernels of convolutions and readouts see of a pair.
public enum KernelInput: String, Sendable, CaseIterable {
  /// The group's embedding of the two places, as published.
  case geometry
  /// The sum of the two bodies' features too.
  case ends
}
