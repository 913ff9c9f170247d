// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

/// The one message that `body` throws.
func message(of body: () throws -> Any?) -> String {
  do {
    let value = try body()
    return "no error: \(String(describing: value))"
  } catch {
    return "\(error)"
  }
}

@Suite struct ConfigNumbers {
  @Test(
    arguments: [
      ("1", 1.0), ("+5", 5), ("-0", -0.0), (".5", 0.5), ("5.", 5), ("1e-12", 1e-12), ("2.5E+3", 2500),
      ("5/499", 5.0 / 499), ("1/1047.355", 1 / 1047.355),
      ("-1/3", -1.0 / 3), ("5e-324", Double.leastNonzeroMagnitude), ("0/7", 0),
    ] as [(String, Double)])
  func readsDecimals(_ text: String, _ value: Double) {
    #expect(ConfigNumber.double(text)?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "1_000", "012", "0x10", "1:30", "0o7", "nan", ".inf", "inf", "1e999",
    "1e-400", "1,5", "1 ", "1/0", "1/", "/2", "1/2/3", "1e308/1e-308", "1e-308/1e308", "٣", "--1",
  ])
  func refusesAllElse(_ text: String) { #expect(ConfigNumber.double(text) == nil) }

  @Test(
    arguments: [
      ("+05", nil), ("200.0", "200"), ("2e2", "200"), ("-0", "-0.0"), ("0.00", "0"), ("1e22", "1e+22"),
      ("18446744073709551615", "18446744073709551615"), ("0.1", "0.1"), ("5/499", nil), ("+7", "7"),
    ] as [(String, String?)])
  func spellsCanonically(_ text: String, _ spelling: String?) {
    #expect(ConfigNumber.canonical(text) == spelling)
  }
}

@Suite struct ConfigTrees {
  static func tree(_ text: String) throws -> ConfigNode {
    try ConfigNode.parse(text, name: "some.yaml", directory: "folder")
  }

  @Test func keepsPlaceAndPath() throws {
    let tree = try Self.tree("\u{FEFF}a: 1\r\nb:\r\n  - {c: 2, d: [3, x]}\r\n")
    let c = try #require(tree["b"]?.items().first?["c"])
    #expect(c.error("wrong").message == "some.yaml:3: b.0.c: wrong")
    #expect(try c.double() == 2)
  }

  @Test(arguments: [
    ("", "some.yaml: is empty"),
    ("# only a comment\n", "some.yaml: is empty"),
    ("a: 1\nb: 2\na: 3\n", "some.yaml:1: a: written twice; keep one"),
    ("a: 1\nb: {c: 1, \"c\": 2}\n", "some.yaml:2: c: written twice; keep one"),
    ("a: [1, 2\nb: 3\n", "some.yaml:2: not valid YAML"),
    ("a: 'open\n", "some.yaml:"),
    ("a: *nowhere\n", "some.yaml:1: not valid YAML: found undefined alias"),
    ("a: !!float 3\n", "some.yaml:1: a: the tag tag:yaml.org,2002:float is not understood"),
    ("[1, 2]: 3\n", "some.yaml:1: a key must be a word"),
    ("a: 1\n---\nb: 2\n", "some.yaml:2: not valid YAML: but found another document"),
    ("\ta: 1\n", "some.yaml:1: not valid YAML: found character that cannot start any token"),
    ("a: \u{1}\n", "some.yaml:1: not valid YAML: control characters are not allowed"),
  ])
  func refusesWhatIsNotAConfig(_ text: String, _ complaint: String) {
    #expect(message { try Self.tree(text) }.hasPrefix(complaint))
  }

  @Test func boundsNestingAndAliases() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
      for depth in [70, 900, 200_000] {
        let text =
          String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        let complaint = message { try Self.tree(text) }
        #expect(complaint.contains("levels deep") || complaint.contains("not valid YAML"))
      }
    }
    var bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(message { try Self.tree(bomb) }.contains("aliases may not multiply"))
    // As a key it would be compared entry by entry before anybody counts them.
    var key = "a0: &a0 [1, 1]\n"
    for level in 1...40 { key += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(message { try Self.tree(key + "? *a40\n: 1\n") }.contains("aliases may not multiply"))
  }

  @Test func aliasesStandForTheirAnchors() throws {
    let tree = try Self.tree("a: &x [1, 2]\nb: *x\nc: &s 3\nd: *s\n")
    #expect(try tree["b"]?.doubles(count: 2, what: "") == [1, 2])
    #expect(try tree["d"]?.double() == 3)
    #expect(tree["d"]?.place == "some.yaml:4")
  }

  @Test(arguments: [
    ("v: 1_000", "'1_000' is not a number; did you mean 1000?"),
    ("v: 010", "'010' is not a number; did you mean 10?"),
    ("v: 0,5", "'0,5' is not a number"),
    ("v: '5'", "'5' is not a number; write it without quotes"),
    ("v: .nan", "'.nan' is not a number; it must be finite"),
    ("v: -.inf", "'-.inf' is not a number; it must be finite"),
    ("v: 1e999", "'1e999' is not a number"),
    ("v: [1]", "a list is not allowed; write a number"),
    ("v:", "no value; write a number"),
    ("v: null", "no value; write a number"),
  ])
  func saysWhatANumberIs(_ text: String, _ complaint: String) {
    let said = message { try Self.tree(text)["v"]?.double() }
    #expect(said.hasPrefix("some.yaml:1: v: " + complaint))
  }

  @Test func readsTypesStrictly() throws {
    func node(_ text: String) throws -> ConfigNode { try #require(try Self.tree("v: " + text)["v"]) }
    #expect(try node("7").integer(in: 0...9) == 7)
    #expect(message { try node("10").integer(in: 0...9) }.contains("write a whole number from 0 to 9"))
    #expect(message { try node("7.5").integer(in: 0...9) }.hasSuffix("is not a whole number from 0 to 9"))
    #expect(message { try node("7.0").integer(in: 0...9) }.hasSuffix("; did you mean 7?"))
    #expect(message { try node("'7'").integer(in: 0...9) }.hasSuffix("; write it without quotes"))
    #expect(message { try node("99999999999999999999").integer(in: 0...Int.max) }.contains("not allowed"))
    #expect(try node("18446744073709551615").seed() == .max)
    #expect(message { try node("-1").seed() }.contains("is not a seed"))
    #expect(try node("true").bool())
    #expect(message { try node("yes").bool() }.contains("write true or false"))
    #expect(message { try node("5").string() }.contains("put it in quotes: \"5\""))
    #expect(try node("\"5\"").string() == "5")
    #expect(try node("no").string() == "no")
    #expect(message { try node("verle").choice(["verlet", "rk4"]) }.contains("did you mean 'verlet'?"))
    #expect(try node("data/a.npz").filePath() == "folder/data/a.npz")
    #expect(try node("/data/a.npz").filePath() == "/data/a.npz")
    #expect(message { try node("0").double(.positive) }.contains("greater than 0"))
    #expect(message { try node("[1, 2, 3]").doubles(count: 2, what: "x and y") }.contains("has 3 numbers"))
  }

  @Test func readerKnowsItsKeys() throws {
    let tree = try Self.tree("method: verlet\nstepp: 3\n")
    #expect(
      message { try ConfigReader(tree, keys: ["method", "step"]) }
        == "some.yaml:2: stepp: unknown key; did you mean 'step'?")
    #expect(
      message { try ConfigReader(tree, keys: ["method", "tolerance"]) }
        == "some.yaml:2: stepp: unknown key; use one of: method, tolerance")
    let reader = try ConfigReader(Self.tree("a: 1"), keys: ["a", "b"])
    #expect(message { try reader.required("b", "b: 2") } == "some.yaml:1: b: missing; write b: 2")
    #expect(
      message {
        let both = ["step", "tolerance"]
        return try ConfigReader(Self.tree("step: 1\ntolerance: 2"), keys: both, alternatives: [both])
      } == "some.yaml:1: step and tolerance exclude each other; keep one")
    #expect(message { try ConfigReader(Self.tree("- 1"), keys: ["a"]) }.contains("write a mapping"))
  }
}

@Suite struct ConfigOverriding {
  let tree: ConfigNode

  init() throws {
    tree = try ConfigNode.parse(
      "integrator: {method: verlet, step: 1}\nbodies:\n  - {m: 1}\n  - {m: 2}\n", name: "some.yaml",
      directory: "folder")
  }

  @Test(arguments: [
    ("integrator.step=1/2", "\"integrator\":{\"method\":\"verlet\",\"step\":\"1/2\"}"),
    ("integrator.tolerance=1e-9", "\"integrator\":{\"method\":\"verlet\",\"tolerance\":1e-09}"),
    ("bodies.1.m=5", "\"bodies\":[{\"m\":1},{\"m\":5}]"),
    ("output.frames=3", "\"output\":{\"frames\":3}"),
    ("integrator.step=null", "\"integrator\":{\"method\":\"verlet\"}"),
    ("random={seed: 4}", "{\"integrator\":{\"method\":\"verlet\",\"step\":1},\"random\":{\"seed\":4}}"),
    ("name=a=b", "\"name\":\"a=b\""),
  ])
  func sets(_ assignment: String, _ json: String) throws {
    #expect(try tree.setting(assignment).json.contains(json))
  }

  @Test(arguments: [
    ("integrator.step", "--set integrator.step: no '='"),
    ("integrator.step=", "--set integrator.step=: no value"),
    ("integrator..step=1", "--set integrator..step=1: an empty key"),
    ("bodies.2.m=5", "--set bodies.2.m=5: bodies.2: bodies is a list; number its entries from 0 to 1"),
    ("bodies.x.m=5", "--set bodies.x.m=5: bodies.x: bodies is a list"),
    ("integrator.step.h=5", "--set integrator.step.h=5: integrator.step.h: integrator.step is '1'"),
    ("integrator.step=[1", "--set integrator.step=[1: not valid YAML"),
  ])
  func refuses(_ assignment: String, _ complaint: String) {
    #expect(message { try tree.setting(assignment) }.hasPrefix(complaint))
  }

  @Test func errorsNameTheOverride() throws {
    let set = try tree.setting("integrator.step=fast")
    #expect(
      message { try set["integrator"]?["step"]?.double() }
        == "--set integrator.step=fast: integrator.step: 'fast' is not a number")
    let unknown = try tree.setting("integrator.stepp=3")
    #expect(
      message { try ConfigReader(try #require(unknown["integrator"]), keys: ["method", "step"]) }
        == "--set integrator.stepp=3: integrator.stepp: unknown key; did you mean 'step'?")
    #expect(try tree.setting("file=a.npz")["file"]?.filePath() == "folder/a.npz")
  }

  @Test func jsonIsReadBackToTheSame() throws {
    let text = """
      z: [1, 2.50, 5/499, -0, 1e-320]
      a: {text: "5", word: no, flag: true, seed: 18446744073709551615}
      odd: "quote \\" slash \\\\ line \\n tab \\t nel \\u0085 sep \\u2028 high 😀 \\u0001"
      empty: {list: [], map: {}, text: ""}
      """
    let first = try ConfigNode.parse(text, name: "a")
    for json in [first.json, first.prettyJSON] {
      let second = try ConfigNode.parse(json, name: "b")
      #expect(second.json == first.json)
      #expect(try second["odd"]?.string() == first["odd"]?.string())
      #expect(try second["z"]?.items()[2].double() == 5.0 / 499)
      let tiny = try second["z"]?.items()[4].double()
      #expect(tiny == 2024 * Double.leastNonzeroMagnitude)
    }
    #expect(first.json.hasPrefix("{\"a\":{\"flag\":true,\"seed\":18446744073709551615,\"text\":\"5\","))
  }
}

@Test func parallelMapKeepsOrderAndTheFirstError() throws {
  let squares = (0..<1000).map { $0 * $0 }
  for threads in [1, 2, 7] { #expect(try parallelMap(count: 1000, threads: threads) { $0 * $0 } == squares) }
  for threads in [1, 4] {
    #expect(throws: NoetherError("13")) {
      try parallelMap(count: 1000, threads: threads) { index -> Int in
        if index == 13 || index == 700 { throw NoetherError("\(index)") }
        return index
      }
    }
  }
}
