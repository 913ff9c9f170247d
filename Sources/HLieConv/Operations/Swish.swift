// SPDX-License-Identifier: GPL-3.0-or-later

/// y = x σ(x), entry by entry. The second pass has σ at hand, and so writes y and x̄ = ȳ s′ anew.
struct Swish: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }
  var rewritesValue: Bool { true }
  var rewritesCotangent: Bool { true }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (x, y) = (c.value(x), c.value(output))
    forEachPart(c) { at, count in T.swish(count, x + at, y + at) }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    guard c.wantsCotangent(x) else { return }
    let (add, ybar, xbar) = (c.addsCotangent(0, x), c.cotangent(output), c.cotangent(x))
    let x = c.value(x)
    forEachPart(c) { at, count in
      T.swishReverse(count, x + at, ybar: ybar + at, xbar: xbar + at, add: add)
    }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    T.swishTangent(
      c.size(x), c.value(x), xdot: c.tangent(x), y: c.value(output), ydot: c.tangent(output))
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    T.swishTangentReverse(
      c.size(x), c.value(x), xdot: c.tangent(x), ybar: c.cotangent(output),
      ybardot: c.cotangentTangent(output), xbar: c.rewritesCotangent(x) ? c.cotangent(x) : nil,
      xbardot: c.cotangentTangent(x), add: c.addsCotangent(0, x))
  }
}

extension Swish {
  func sharing(in program: Program) -> Sharing {
    let own = program.rows(x).division
    return Sharing(output: own, reads: [own], readsCotangent: own, cotangents: [own])
  }

  /// Calls `body` for the runs of numbers that are to be written.
  private func forEachPart<T: NetworkScalar>(_ c: Context<T>, _ body: (_ at: Int, _ count: Int) -> Void) {
    let part = c.part(of: x)
    forEachRun(part.rows, part.columns, width: c.width(x), body)
  }
}

extension Program {
  mutating func swish(_ x: TensorID) -> TensorID {
    append(rows(x), width(x), from: [x]) { .swish(Swish(x: x, output: $0)) }
  }
}
