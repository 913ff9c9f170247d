// SPDX-License-Identifier: GPL-3.0-or-later

/// How far two states of the same bodies are apart, body by body.
public struct StateDistance: Sendable, Equatable {
  /// Of positions, or of momenta.
  public struct Part: Sendable, Equatable {
    /// √(Σ|aᵢ − bᵢ|²/N) over the N bodies.
    public let rms: Double
    /// The largest |aᵢ − bᵢ|, NaN where one is.
    public let largest: Double
    /// The first body that has it.
    public let body: Int

    fileprivate init(_ a: [Double], _ b: [Double], dimension: Int) {
      var (sum, largest, body) = (0.0, 0.0, 0)
      for index in 0..<a.count / dimension {
        var square = 0.0
        for k in index * dimension..<(index + 1) * dimension { square += (a[k] - b[k]) * (a[k] - b[k]) }
        sum += square
        if !largest.isNaN, square > largest || square.isNaN { (largest, body) = (square, index) }
      }
      rms = (sum / Double(max(1, a.count / dimension))).squareRoot()
      self.largest = largest.squareRoot()
      self.body = body
    }
  }

  public let position: Part
  public let momentum: Part

  /// Both states have as many coordinates.
  public init(of a: PhaseState, from b: PhaseState, dimension: Int) {
    precondition(a.q.count == b.q.count && a.q.count.isMultiple(of: dimension))
    position = Part(a.q, b.q, dimension: dimension)
    momentum = Part(a.p, b.p, dimension: dimension)
  }
}
