// SPDX-License-Identifier: GPL-3.0-or-later

/// The candidate that a mistyped `word` most likely meant, or nil if none is near: up to a third of its
/// letters, at least one, may be wrong, but not all of them. Upper and lower case count as equal; of equals, the
/// first wins. A word by which others call a candidate means that one.
public func closestMatch(to word: String, in candidates: [String]) -> String? {
  // Nobody means a key by a word of a thousand letters, and the table below is quadratic.
  guard word.utf8.count <= 100 else { return nil }
  let known = otherNames[word.lowercased()]?.first(where: candidates.contains)
  if let known { return known }
  let typed = Array(word.lowercased())
  let allowed = max(1, typed.count / 3)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(typed, Array(candidate.lowercased()))
    // A word of one letter is one mistake away from every other: it must have something in common with what it meant.
    if distance == max(typed.count, candidate.count) { continue }
    if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment, Damerau 1964).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

/// The remedy for a word that is not among `candidates`: the nearest one, or all there are.
func suggestion(for word: String, in candidates: [String]) -> String {
  if let match = closestMatch(to: word, in: candidates) { return "did you mean '\(match)'?" }
  if candidates.isEmpty { return "remove it" }
  return "use one of: " + candidates.joined(separator: ", ")
}
