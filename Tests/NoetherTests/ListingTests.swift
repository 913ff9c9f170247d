// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// `noether list` and `noether validate`.
@Suite struct ListingTests {
  @Test(arguments: [
    ("groups", "T2"), ("groups", "Trivial"), ("systems", "gravity"), ("systems", "springs"),
    ("integrators", "gsl-rk8pd"), ("integrators", "verlet"), ("scenarios", "outer-solar-system"),
  ])
  func registriesAreListedByName(registry: String, name: String) throws {
    let list = try Tool.run("list", registry)
    #expect(list.code == 0, "\(list.errors)")
    #expect(list.output.split(separator: "\n").contains { $0.hasPrefix(name + " ") })
  }

  @Test func integratorsAreListedInATableOrInParagraphs() throws {
    let table = try Tool.run("list", "integrators").output.split(separator: "\n")
    #expect(table.count == 27)
    let verlet = try #require(table.first { $0.hasPrefix("verlet ") })
    for part in ["order 2", "takes step", "symplectic, reversible", "Störmer–Verlet, kick–drift–kick"] {
      #expect(verlet.contains(part))
    }
    #expect(table.contains { $0.hasPrefix("gsl-rk8pd ") && $0.contains("takes step or tolerance") })
    #expect(table.allSatisfy { $0.count < 180 })
    let long = try Tool.run("list", "integrators", "--long").output
    #expect(long.contains("verlet: order 2, takes step, symplectic, reversible\n  Störmer–Verlet"))
    #expect(long.contains("step × frequency < 2"))
    // The page in the docs says the same; `make integrators` makes it.
    let page = try String(contentsOfFile: Tool.package + "/docs/integrators.md", encoding: .utf8)
    for line in long.split(separator: "\n") where line.hasPrefix("  ") {
      #expect(page.contains(line.dropFirst(2)), "\(line)")
    }
    let wrong = try Tool.run("list", "groups", "--long")
    #expect(wrong.code == 64 && wrong.errors.contains("--long"))
  }

  @Test func groupsAreListedWithWhatTheyConserve() throws {
    let lines = try Tool.run("list", "groups").output.split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true)
    }
    func momenta(_ name: String) -> [Substring] {
      (lines.first { $0.first == name[...] } ?? []).dropFirst(2).prefix { $0.contains("_") }
    }
    #expect(momenta("T2") == ["P_x", "P_y"])
    #expect(Set(momenta("SE2")) == ["L_z", "P_x", "P_y"])
    #expect(Set(momenta("SE3")) == ["L_x", "L_y", "L_z", "P_x", "P_y", "P_z"])
    for name in ["Trivial", "R", "SQ"] { #expect(momenta(name).isEmpty) }
  }

  @Test func scenariosAreFoundFromAnywhere() throws {
    let folder = try Tool.Folder()
    let result = try Tool.run("validate", "kepler", in: folder.path)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("kepler is valid: 2 bodies in 2 dimensions"))
  }

  @Test(
    "trainings and studies are checked like scenarios",
    arguments: [
      (
        "scenarios/training/springs.yaml", "model.hidden=[-1]", "a training configuration",
        "hidden.0: '-1' is not allowed"
      ),
      ("mnist", "data.rotatd=true", "a training configuration", "rotated"),
      (
        "scenarios/training/outer-solar-system.yaml", "loss.noise=0", "a training configuration",
        "write a number greater than 0"
      ),
      (
        "scenarios/studies/springs.yaml", "seeds=[]", "a study of 12 trainings",
        "one or more values are wanted"
      ),
    ])
  func otherFilesAreChecked(file: String, bad: String, what: String, part: String) throws {
    let path = file.contains("/") ? Tool.package + "/" + file : file
    let good = try Tool.run("validate", path)
    #expect(good.code == 0, "\(good.errors)")
    #expect(good.output.contains("is valid: \(what)"), "\(good.output)")
    let refused = try Tool.run("validate", path, "--set", bad)
    #expect(refused.code == 1)
    #expect(refused.errors.contains(part), "\(refused.errors)")
    let promises = try Tool.run("validate", path, "--run")
    #expect(promises.code == 1)
    #expect(promises.errors.contains("--run goes with scenarios"), "\(promises.errors)")
  }

  @Test func whatComesThroughAPipeIsReadOnce() throws {
    let result = try Tool.shell(
      "cat scenarios/kepler.yaml | \"$NOETHER\" validate /dev/stdin", in: Tool.package)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("kepler is valid: 2 bodies in 2 dimensions"))
  }

  @Test func expectationsAreHeldAgainstARun() throws {
    let good = try Tool.run("validate", "kepler", "--run")
    #expect(good.code == 0, "\(good.errors)")
    #expect(good.output.contains("passed  energy"))
    // A tighter bound than the method can keep must fail, by name.
    let bad = try Tool.run("validate", "kepler", "--run", "--set", "expect.max_dH=1e-9")
    #expect(bad.code == 1)
    #expect(bad.output.contains("FAILED  max_dH"))
    #expect(bad.errors.contains("1 of"))
  }
}
