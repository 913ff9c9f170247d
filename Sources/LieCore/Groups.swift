// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

/// The registry: what is not here cannot be trained or listed.
public enum Groups {
  /// The groups that come with the library; the law tests run over them.
  public static let all: [any LieGroup.Type] = [
    Trivial1.self, Trivial2.self, Trivial3.self,
    T1.self, T2.self, T3.self, Tx.self, Ty.self,
    SO2.self, R.self, RxSO2.self, SQ.self, RxSQ.self,
    SE2.self, T2xSO2.self, SO3.self, SE3.self,
  ]

  private static let registered = Mutex<[any LieGroup.Type]>([])

  /// Makes a group of one's own known by its name, to configurations and model files as to everything else.
  ///
  /// Throws where its space has none or more than three dimensions, lifts on a line are to be chosen by rotations, where its algebra, its orbits or its pairs have
  /// more numbers than `Coordinates` holds (elements must not have more either), or where another group of that name acts on as many axes. To
  /// register a group twice is no fault.
  public static func register(_ group: any LieGroup.Type) throws(GroupRegistrationFault) {
    let name = group.name
    func fault(_ why: String) -> GroupRegistrationFault {
      GroupRegistrationFault(message: "the group \(name) cannot be registered: \(why)")
    }
    guard (1...3).contains(group.spaceDimension) else {
      throw fault("it acts on \(group.spaceDimension) axes, where 1, 2 or 3 are known")
    }
    guard group.spaceDimension > 1 || group.framed == nil else {
      throw fault("it acts on a line, where there are no rotations to choose lifts by")
    }
    // One more than the embedding, for the envelope of a cutoff.
    guard max(group.embeddingWidth, group.fibreWidth) < Coordinates<Double>.capacity else {
      throw fault("its pair embedding has more than \(Coordinates<Double>.capacity - 1) numbers")
    }
    guard max(group.algebraComponents.count, group.orbitComponents.count) <= Coordinates<Double>.capacity
    else { throw fault("its algebra or its orbits have more than \(Coordinates<Double>.capacity) numbers") }
    let isTaken = registered.withLock { registered in
      let known = (all + registered).first { $0.name == name && $0.spaceDimension == group.spaceDimension }
      if known == nil { registered.append(group) }
      return known.map { $0 != group } ?? false
    }
    if isTaken {
      throw fault("another one of that name acts on \(group.spaceDimension) axes; choose another name")
    }
  }

  /// Those of `all`, and those registered since.
  public static var known: [any LieGroup.Type] { all + registered.withLock { $0 } }

  /// The group called `name` that acts on `dimension` axes; nil where there is none.
  public static func named(_ name: String, dimension: Int) -> (any LieGroup.Type)? {
    known.first { $0.name == name && $0.spaceDimension == dimension }
  }

  /// The names of the groups that act on `dimension` axes.
  public static func names(dimension: Int) -> [String] {
    known.filter { $0.spaceDimension == dimension }.map { $0.name }
  }
}

/// Why a group could not be registered.
public struct GroupRegistrationFault: Error, Sendable, CustomStringConvertible {
  public let message: String
  public var description: String { message }
}
