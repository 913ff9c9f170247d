// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// `noether examine`.
@Suite struct ExamineTests {
  private func table(_ arguments: String...) throws -> [String: [Double]] {
    let result = try Tool.running(["examine"] + arguments)
    #expect(result.code == 0, "\(result.errors)")
    let rows = result.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0] == ["quantity", "setting", "value"])
    return Dictionary(grouping: rows.dropFirst(), by: { String($0[0]) }).mapValues {
      $0.map { Double($0[2]) ?? .nan }
    }
  }

  @Test func aSymplecticMethodIsFoundOut() throws {
    let rows = try table(
      "kepler", "--method", "verlet", "--set", "integrator.step=62.83185307179586/2000")
    #expect(abs(try column("order", of: rows)[0] - 2) < 0.1)
    #expect(try column("symplecticity_defect", of: rows)[0] < 1e-12)
    #expect(try column("force_evaluations", of: rows) == [2002, 4002])
    #expect(rows["max_dH_learned"] == nil)
  }

  @Test func aToleranceHasNoStepMap() throws {
    let rows = try table("kepler", "--method", "gsl-rkf45", "--set", "integrator={tolerance: 1e-8}")
    #expect(rows["order"] == nil && rows["symplecticity_defect"] == nil)
    #expect(try column("position_error", of: rows).count == 2)
    #expect(try column("reversal_error", of: rows)[0] > 0)
  }

  /// GSL's Newton iteration does not solve the variational equations here; the run itself is sound.
  @Test func whatCannotBeMeasuredIsLeftOut() throws {
    let rows = try table(
      "outer-solar-system", "--method", "gsl-rk2imp", "--set", "integrator.step=80", "--set", "time.end=8000",
      "--set", "output={frames: 2}")
    #expect(rows["symplecticity_defect"] == nil)
    #expect(try column("max_dH", of: rows)[0] < 1e-3)
  }

  /// bsimp fails at a fourth of this step, where the order would be measured, and at no longer one.
  @Test func whatHasNoOrderIsExaminedNonetheless() throws {
    let rows = try table(
      "outer-solar-system", "--method", "gsl-bsimp", "--set", "integrator.step=320", "--set",
      "time.end=64000",
      "--set", "output={frames: 2}")
    #expect(rows["order"] == nil)
    #expect(try column("max_dH", of: rows).count == 2 && column("max_dH", of: rows)[0] < 1e-13)
  }

  @Test func anglesCanBeExamined() throws {
    let rows = try table("double-pendulum", "--set", "time.end=2")
    #expect(rows["max_dP"] == nil && rows["max_dH"] != nil)
  }
}

/// A column that must be there.
private func column(_ name: String, of table: [String: [Double]]) throws -> [Double] {
  try #require(table[name], "\(name)")
}
