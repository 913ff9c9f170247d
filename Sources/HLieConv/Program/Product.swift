// SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix product C = α (A B + A₂ B₂ + 1 biasᵀ) + D with C and D [m × n], row-major.
///
/// Our own kernel rather than a library's: weights are packed once per update instead of at every product, and
/// nothing else is copied, so that the few rows of one system run as fast as the many of a tile.
public struct Product<T: NetworkScalar> {
  /// A left factor [m × k]: the entry (r, i) lies at r · row + i · step.
  public struct Left {
    let row: Int
    let step: Int
    static func plain(columns: Int) -> Left { Left(row: columns, step: 1) }
    /// Aᵀ of a row-major A [k × m].
    static func transposed(columns: Int) -> Left { Left(row: 1, step: columns) }
  }

  /// A right factor [k × n], in panels of as many columns as 64 bytes hold.
  public struct Right {
    let panel: Int
    let step: Int
    static var lanes: Int { 64 / MemoryLayout<T>.stride }
    static func packed(rows: Int) -> Right { Right(panel: rows * lanes, step: lanes) }
    static func plain(columns: Int) -> Right { Right(panel: lanes, step: columns) }
  }

  let m: Int
  let n: Int
  let k: Int
  var alpha: T = 1
  let left: Left
  let right: Right
  var bias: UnsafePointer<T>?
  /// D, which may be C itself.
  var adding: UnsafePointer<T>?
  /// The length of a row where C and D are some columns of wider matrices.
  var rowLength: Int?
  /// From one panel of C and D to the next where they lie in panels, whose rows are `rowLength` apart; see `Panels`.
  var panelLength: Int?
  /// One number for each row of C, added like the bias.
  var rowBias: UnsafePointer<T>?

  /// C ← α A B, and what else is set.
  func write(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>,
    and second: (a: UnsafePointer<T>, b: UnsafePointer<T>)? = nil, to c: UnsafeMutablePointer<T>
  ) {
    T.multiply(self, a, b, second, c)
  }
}
