// SPDX-License-Identifier: GPL-3.0-or-later

/// The distances of all ordered pairs of one system's lifted points, for neighbourhoods with a sharp edge.
///
/// Points are numbered as in `PairJets`.
public struct PairDistances: Sendable {
  public let dimension: Int
  /// Points [n × d], in.
  public var q: [Double]
  /// Rotations that choose the lifts, in: the same for all points [s × 2 or 4], or each point's own [n s × 2 or 4]; empty
  /// for the distance of the points themselves.
  public let frames: [Double]
  /// s, the lifts of each point.
  public let samples: Int
  /// Whether every lift of every point has a rotation of its own.
  public let hasOwnFrames: Bool
  public let alpha: Double
  /// [(ns)²], out; symmetric, with zeros on the diagonal.
  public var distances: [Double]

  public init(
    points: Int, dimension: Int, alpha: Double, frames: [Double] = [], samples: Int = 1,
    hasOwnFrames: Bool = false
  ) {
    self.hasOwnFrames = hasOwnFrames
    self.dimension = dimension
    self.alpha = alpha
    self.frames = frames
    self.samples = samples
    q = [Double](repeating: 0, count: points * dimension)
    distances = [Double](repeating: 0, count: points * samples * points * samples)
  }

  @inlinable
  mutating func fill<G: LieGroup>(from group: G.Type) {
    let nodes = q.count / dimension * samples
    for i in 0..<nodes {
      for j in 0..<i {
        let distance = self.distance(group, i, j)
        distances[i * nodes + j] = distance
        distances[j * nodes + i] = distance
      }
    }
  }

  @inlinable
  func distance<G: LieGroup>(_ group: G.Type, _ i: Int, _ j: Int) -> Double {
    let (xi, xj) = (point(i / samples), point(j / samples))
    if frames.isEmpty { return G.distance(between: xi, and: xj, alpha: alpha) }
    let (ui, qi) = G.lift(xi, frame: frame(i))
    let (uj, qj) = G.lift(xj, frame: frame(j))
    return G.distance(G.log(G.product(G.inverse(uj), ui)), qi, qj, alpha: alpha)
  }

  @inlinable
  func point(_ index: Int) -> Coordinates<Double> {
    Coordinates(count: dimension) { q[index * dimension + $0] }
  }

  @inlinable
  func frame(_ node: Int) -> Coordinates<Double> {
    let width = frames.count / (hasOwnFrames ? q.count / dimension * samples : samples)
    let at = (hasOwnFrames ? node : node % samples) * width
    return Coordinates(count: width) { frames[at + $0] }
  }
}
