// SPDX-License-Identifier: GPL-3.0-or-later

/// How node energies make the energy of a system.
public enum Pooling: String, Sendable, CaseIterable {
  /// V = (1/n) Σ v_i, as published: intensive, so that it does not carry over to another number of bodies.
  case mean
  /// V = Σ v_i.
  case sum

  /// The share of each node's energy in V, where every body is lifted `samples` times.
  func weight(bodies: Int, samples: Int) -> Double {
    switch self {
    case .mean: 1 / Double(bodies * samples)
    case .sum: 1 / Double(samples)
    }
  }
}

/// V = Σ_i v_i over the bodies of each system, or their mean; a body's v_i is the mean over its lifts.
struct Pool: Operation {
  let x: TensorID
  let output: TensorID
  let pooling: Pooling
  var inputs: [TensorID] { [x] }

  private func scale<T: NetworkScalar>(_ c: Context<T>) -> T {
    T(pooling.weight(bodies: c.bodies, samples: c.program.samples))
  }

  private func sum<T: NetworkScalar>(_ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>)
  {
    let (n, width, alpha) = (c.nodes, c.width(output), scale(c))
    for s in 0..<c.systems {
      for k in 0..<width {
        var total: T = 0
        for i in 0..<n { total += x[(s * n + i) * width + k] }
        y[s * width + k] = alpha * total
      }
    }
  }

  private func spread<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafePointer<T>, into xbar: UnsafeMutablePointer<T>, add: Bool
  ) {
    let (n, width, alpha) = (c.nodes, c.width(output), scale(c))
    for row in 0..<c.systems * n {
      for k in 0..<width {
        xbar[row * width + k] = alpha * ybar[row / n * width + k] + (add ? xbar[row * width + k] : 0)
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { sum(c, c.value(x), into: c.value(output)) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { sum(c, c.tangent(x), into: c.tangent(output)) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    spread(c, c.cotangent(output), into: c.cotangent(x), add: c.addsCotangent(0, x))
  }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    spread(c, c.cotangentTangent(output), into: c.cotangentTangent(x), add: c.addsCotangent(0, x))
  }
}

extension Program {
  mutating func pool(_ x: TensorID, _ pooling: Pooling) -> TensorID {
    append(.system, width(x), from: [x]) { .pool(Pool(x: x, output: $0, pooling: pooling)) }
  }
}
