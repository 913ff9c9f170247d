// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Refuses networks and batches that this machine cannot hold, before anything is allocated.
///
/// Counted in floating point, so that no product overflows.
struct MemoryNeed {
  private(set) var bytes = 0.0

  mutating func add(bytes more: Double) { bytes += more }

  /// `copies` vectors of all parameters, and the panels of their matrices.
  mutating func addParameters<T: NetworkScalar>(of program: Program, copies: Int, _ scalar: T.Type) {
    let numbers =
      Double(program.parameters.count) * Double(copies) + Double(program.parameters.panelCount)
    bytes += numbers * Double(MemoryLayout<T>.stride)
  }

  /// `count` workspaces for tiles of `shapes`.
  mutating func addWorkspaces<T: NetworkScalar>(
    of program: Program, count: Int, shapes: [TileShape], evaluations: Int, tangents: Bool, _ scalar: T.Type
  ) {
    func most(_ rows: Rows) -> Double {
      shapes.reduce(0) { most, shape in
        let (s, nodes) = (Double(shape.systems), Double(shape.bodies) * Double(program.samples))
        let count =
          switch rows {
          case .system: s
          case .body: s * Double(shape.bodies)
          case .node: s * nodes
          case .pair: s * nodes * nodes
          }
        return max(most, count)
      }
    }
    // Those that exist once per evaluation, for values and cotangents, and those that exist once.
    var each = most(.pair) * Double(program.jacobianWidth)
    var once = tangents ? each : 0
    for tensor in program.tensors {
      let rows = most(tensor.rows)
      let numbers = rows * Double(tensor.width)
      for isKept in [tensor.keepsValue, tensor.keepsCotangent] {
        if isKept && !tensor.isStatic { each += numbers } else { once += numbers }
      }
      if tangents && !tensor.isStatic { once += 2 * numbers }
    }
    bytes +=
      Double(count) * (each * Double(evaluations) + once) * Double(MemoryLayout<T>.stride)
  }

  /// Throws where the machine has less memory than that; `remedy` says what to make smaller.
  func check(_ what: String, remedy: String) throws {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    guard bytes <= available else {
      func gibibytes(_ bytes: Double) -> String { String(format: "%.1f GiB", bytes / 0x1p30) }
      throw NoetherError(
        "\(what) needs \(gibibytes(bytes)) of memory, the machine has \(gibibytes(available)); \(remedy)")
    }
  }
}
