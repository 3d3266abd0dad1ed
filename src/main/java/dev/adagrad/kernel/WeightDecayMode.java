package dev.adagrad.kernel;

/// How weight decay λ acts. At λ = 0 both modes leave their line out and give the same result.
///
/// @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled Weight Decay Regularization</a>
public enum WeightDecayMode {

	/// L2 regularisation: `g ← g + λθ`, before g is accumulated in G.
	COUPLED,
	/// `θ ← (θ − Δ) − (η_t·λ)·θ_old`, without going into G.
	DECOUPLED

}
