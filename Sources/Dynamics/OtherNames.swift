// SPDX-License-Identifier: GPL-3.0-or-later

/// What textbooks and other programs call keys and methods, beside what they are called here, the likelier first. No spelling leads
/// from one to the other, so that a mistyped word would be left without a hint.
let otherNames: [String: [String]] = [
  "mass": ["m"], "masses": ["m"], "position": ["x"], "pos": ["x"], "q": ["x"], "velocity": ["v"],
  "vel": ["v"],
  "stiffness": ["k"], "spring_constant": ["k"], "fixed": ["pinned"], "eps": ["softening", "tolerance"],
  "epsilon": ["softening", "tolerance"],
  "dt": ["step"], "h": ["step"], "timestep": ["step"], "time_step": ["step"], "step_size": ["step"],
  "stepsize": ["step"],
  "rtol": ["tolerance"], "atol": ["tolerance"], "t0": ["start"], "t_start": ["start"], "tmax": ["end"],
  "t_max": ["end"],
  "t_end": ["end"], "integrator": ["method"], "type": ["kind"], "seed": ["seeds"],
  "leapfrog": ["verlet"], "velocity-verlet": ["verlet"], "velocity_verlet": ["verlet"],
  "stormer-verlet": ["verlet"],
  "position-verlet": ["verlet-dkd"], "implicit-midpoint": ["gauss2"], "forest-ruth": ["yoshida4"],
  "bdf": ["gsl-msbdf"],
  "lr": ["learning_rate"], "batch_size": ["batch"],
]
