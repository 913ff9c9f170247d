// SPDX-License-Identifier: GPL-3.0-or-later

/// The registry: what is not here cannot be trained, listed or tested.
public enum Groups {
  public static let all: [any LieGroup.Type] = [
    Trivial2.self, Trivial3.self,
    T2.self, T3.self, Tx.self, Ty.self,
    SO2.self, R.self, RxSO2.self, SQ.self, RxSQ.self,
    SE2.self, T2xSO2.self, SO3.self, SE3.self,
  ]

  /// The group called `name` that acts on `dimension` axes; nil where there is none.
  public static func named(_ name: String, dimension: Int) -> (any LieGroup.Type)? {
    all.first { $0.name == name && $0.spaceDimension == dimension }
  }

  /// The names of the groups that act on `dimension` axes.
  public static func names(dimension: Int) -> [String] {
    all.filter { $0.spaceDimension == dimension }.map { $0.name }
  }
}
