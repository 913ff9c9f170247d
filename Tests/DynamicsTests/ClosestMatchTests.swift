// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

@Test func closestMatches() {
  let words = ["step", "tolerance", "method"]
  #expect(closestMatch(to: "stepp", in: words) == "step")
  #expect(closestMatch(to: "setp", in: words) == "step")
  #expect(closestMatch(to: "Tolerence", in: words) == "tolerance")
  #expect(closestMatch(to: "masses", in: words) == nil)
  // What others call it, where no letter is the same.
  #expect(closestMatch(to: "dt", in: words) == "step" && closestMatch(to: "mass", in: ["x", "m"]) == "m")
  #expect(closestMatch(to: "eps", in: words) == "tolerance" && closestMatch(to: "eps", in: ["kind"]) == nil)
  // One mistake turns any letter, or none, into R.
  #expect(closestMatch(to: "群", in: ["R", "SQ"]) == nil && closestMatch(to: "", in: ["R"]) == nil)
  #expect(closestMatch(to: "r", in: ["R", "SQ"]) == "R" && closestMatch(to: "S", in: ["R", "SQ"]) == "SQ")
  #expect(closestMatch(to: String(repeating: "x", count: 100_000), in: words) == nil)
}
