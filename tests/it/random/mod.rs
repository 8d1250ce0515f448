//! Random tills: the simulator, the soak driver and the kills, each for a bounded time.

mod kill;
mod replay;
mod simulation;
mod soaked;
